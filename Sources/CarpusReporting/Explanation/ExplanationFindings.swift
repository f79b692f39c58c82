public import CarpusAnatomy
public import CarpusExplanation

extension ExplanationReport {
  /// What the explained number counts.
  public struct Unit: Sendable, Hashable {
    /// After a number: `points`.
    public var name: String
    /// What it is, in a sentence; empty where the name says all.
    public var sentence: String

    public init(name: String, sentence: String = "") {
      self.name = name
      self.sentence = sentence
    }

    public static let points = Unit(name: "points")
    /// Of an output that is no score, such as that of a class: as the network gives it.
    public static func output(_ sentence: String) -> Unit { Unit(name: "units", sentence: sentence) }
  }

  /// What readers gave the same radiograph.
  public struct Reference: Sendable, Hashable {
    /// In points.
    public var score: Double
    /// Where it comes from, e.g. the name of a table; empty where it was given as a number.
    public var source: String

    public init(score: Double, source: String = "") {
      self.score = score
      self.source = source
    }
  }

  /// The enrichment of a region beside that of places drawn at random within its hand.
  public struct Chance: Sendable, Hashable {
    /// Of the draws.
    public var mean, deviation: Double
    /// One-sided: the share of draws at least as high, with the region among them.
    public var p: Double
    /// After Holm's correction for all regions that were tested; absent for a group.
    public var adjustedP: Double?

    public init(mean: Double, deviation: Double, p: Double, adjustedP: Double? = nil) {
      (self.mean, self.deviation, self.p, self.adjustedP) = (mean, deviation, p, adjustedP)
    }
  }

  /// Where the evidence lies by large: parts of the radiograph that are found on most of them.
  public struct Landmarks: Sendable {
    public struct Group: Sendable {
      public enum Kind: String, Sendable {
        /// Places that are scored.
        case sites
        /// What is no part of the hand and may mislead: one kind of it, or all.
        case confounder, confounders
        case zone
      }

      /// As `HandGroup` writes it: `sites`, `L:sites`, `marker`, `hand`, `background`.
      public var id: String
      /// For readers.
      public var title: String
      public var kind: Kind
      public var mask: Mask
      public var statistics: FocusStatistics
      public var chance: Chance?

      public init(id: String, title: String, kind: Kind, mask: Mask, statistics: FocusStatistics, chance: Chance? = nil) {
        (self.id, self.title, self.kind, self.mask, self.statistics, self.chance) = (id, title, kind, mask, statistics, chance)
      }
    }

    /// A part of what the map covers; nothing is in two, everything is in one.
    public struct Part: Sendable, Hashable {
      public enum Kind: String, Sendable {
        case sites, confounders, hand, rest, padding
      }

      public var kind: Kind
      public var points: Double

      public init(kind: Kind, points: Double) { (self.kind, self.points) = (kind, points) }
    }

    /// Everything that is known of the radiograph: a file's regions, and what was found.
    public var regions: RegionSet
    public var groups: [Group]
    public var parts: [Part]
    /// Whether hand and background were found by software, because no file says where they are.
    public var isFound: Bool

    public init(regions: RegionSet, groups: [Group], parts: [Part], isFound: Bool) {
      (self.regions, self.groups, self.parts, self.isFound) = (regions, groups, parts, isFound)
    }

    /// The group of this id.
    public subscript(id: String) -> Group? { groups.first { $0.id == id } }
  }

  /// What the score loses when a part of the radiograph is covered.
  public struct Covering: Sendable {
    public enum Kind: String, Sendable {
      case site, confounder, group
    }

    public struct Item: Sendable {
      public var id: String
      public var title: String
      public var laterality: Laterality
      public var kind: Kind
      /// Pixels that were covered.
      public var pixels: Int
      /// Score less the score with the part covered: positive where the part raises it, like a map's points.
      public var difference: Double
      /// The map's points there; absent for what was not measured.
      public var points: Double?

      public init(id: String, title: String, laterality: Laterality, kind: Kind, pixels: Int, difference: Double, points: Double?) {
        (self.id, self.title, self.laterality, self.kind) = (id, title, laterality, kind)
        (self.pixels, self.difference, self.points) = (pixels, difference, points)
      }
    }

    /// Of the radiograph as it is.
    public var score: Double
    /// How parts are covered, in a sentence.
    public var rule: String
    public var items: [Item]
    /// Spearman's correlation of the map's points and the differences over sites; absent with fewer than five.
    public var agreement: Double?

    public init(score: Double, rule: String, items: [Item], agreement: Double?) {
      (self.score, self.rule, self.items, self.agreement) = (score, rule, items, agreement)
    }
  }

  /// Another map of the same score: by another method, or at another layer.
  public struct OtherMap: Sendable {
    public var methodTitle: String
    public var map: AttributionMap
    public var budget: ScoreBudget
    public var landmarks: Landmarks?
    /// Spearman's correlation with the report's own map over regions; absent with fewer than five.
    public var agreement: Double?
    /// Name of its file.
    public var file: String

    public init(methodTitle: String, map: AttributionMap, budget: ScoreBudget, landmarks: Landmarks?, agreement: Double?, file: String) {
      (self.methodTitle, self.map, self.budget, self.landmarks) = (methodTitle, map, budget, landmarks)
      (self.agreement, self.file) = (agreement, file)
    }
  }
}
