/// What a cohort says of models, ready to be shown. What does not exist is absent.
package struct CohortReport: Sendable {
  /// A number with its 95 % interval.
  package struct Measure: Hashable, Sendable {
    package var value: Double?
    package var interval: ClosedRange<Double>?

    package init(_ value: Double?, _ interval: ClosedRange<Double>? = nil) {
      self.value = value
      self.interval = interval
    }
  }

  /// A share of images with its exact interval, beside what chance would give.
  package struct Rate: Hashable, Sendable {
    package var hits, images, leftOut: Int
    package var share: Measure
    package var chance, p: Double?

    package init(hits: Int, images: Int, leftOut: Int, share: Measure, chance: Double?, p: Double?) {
      (self.hits, self.images, self.leftOut, self.share, self.chance, self.p) = (hits, images, leftOut, share, chance, p)
    }
  }

  package struct Verdict: Hashable, Sendable {
    package enum Outcome: String, Hashable, Sendable { case passed, failed, skipped }

    package var name: String
    package var outcome: Outcome
    package var value: Double?
    package var limit: Double
    package var sentence: String

    package init(name: String, outcome: Outcome, value: Double?, limit: Double, sentence: String) {
      (self.name, self.outcome, self.value, self.limit, self.sentence) = (name, outcome, value, limit, sentence)
    }
  }

  /// A statistic of scores beside readers' totals.
  package struct Statistic: Hashable, Sendable {
    package var name, title: String
    /// `points`, or empty.
    package var unit: String
    package var measure: Measure

    package init(name: String, title: String, unit: String, measure: Measure) {
      (self.name, self.title, self.unit, self.measure) = (name, title, unit, measure)
    }
  }

  /// Good predictions and right places, image by image.
  package struct Trust: Hashable, Sendable {
    package var trustworthy, deceptive, mistaken, unreliable, leftOut: Int
    package var tolerance, level: Double

    package init(trustworthy: Int, deceptive: Int, mistaken: Int, unreliable: Int, leftOut: Int, tolerance: Double, level: Double) {
      (self.trustworthy, self.deceptive, self.mistaken, self.unreliable) = (trustworthy, deceptive, mistaken, unreliable)
      (self.leftOut, self.tolerance, self.level) = (leftOut, tolerance, level)
    }
  }

  /// What happens to the score when a part of the radiograph is covered, in points.
  package struct Covering: Hashable, Sendable {
    package var id: String
    package var images: Int
    package var change, size: Measure

    package init(id: String, images: Int, change: Measure, size: Measure) {
      (self.id, self.images, self.change, self.size) = (id, images, change, size)
    }
  }

  /// A region, or a group of regions, over all images.
  package struct Place: Hashable, Sendable {
    /// `L:mcp2`, or the name of a group.
    package var id: String
    package var images, withoutEvidence: Int
    package var enrichment: Measure
    /// What the enrichment is by chance: of masks moved within the hand, or 1, what the area alone would hold.
    package var chance: Double
    package var isChanceMoved: Bool
    package var chanceDeviation, p, adjustedP: Double?
    /// Absent where the share of the cells that it fills is not known.
    package var isResolvable: Bool?
    package var points, mass, areaShare: Double?

    package init(
      id: String, images: Int, withoutEvidence: Int, enrichment: Measure, chance: Double, isChanceMoved: Bool, chanceDeviation: Double?, p: Double?,
      adjustedP: Double?, isResolvable: Bool?, points: Double?, mass: Double?, areaShare: Double?
    ) {
      (self.id, self.images, self.withoutEvidence, self.enrichment) = (id, images, withoutEvidence, enrichment)
      (self.chance, self.isChanceMoved, self.chanceDeviation, self.p, self.adjustedP) = (chance, isChanceMoved, chanceDeviation, p, adjustedP)
      (self.isResolvable, self.points, self.mass, self.areaShare) = (isResolvable, points, mass, areaShare)
    }
  }

  /// A test of the model itself; a step on its way has a name such as `weights-2/4`.
  package struct Check: Hashable, Sendable {
    package var name, member: String
    package var value: Double
    package var images: Int
    package var sentence: String

    package init(name: String, member: String, value: Double, images: Int, sentence: String) {
      (self.name, self.member, self.value, self.images, self.sentence) = (name, member, value, images, sentence)
    }
  }

  /// Points of damaged places less those of undamaged places of the same radiograph.
  package struct Damage: Hashable, Sendable {
    package var images, leftOut: Int
    package var difference: Measure
    package var p: Double?

    package init(images: Int, leftOut: Int, difference: Measure, p: Double?) {
      (self.images, self.leftOut, self.difference, self.p) = (images, leftOut, difference, p)
    }
  }

  /// The maps of one method.
  package struct Method: Sendable {
    package var name: String
    package var withoutEvidence: Int
    package var spread, gini, paddingMass, centreEnrichment: Double?
    package var focused: Rate
    package var peaks: Rate?
    package var occlusion, members: Measure?
    package var places: [Place]

    package init(
      name: String, withoutEvidence: Int, spread: Double?, gini: Double?, paddingMass: Double?, centreEnrichment: Double?, focused: Rate, peaks: Rate?,
      occlusion: Measure?, members: Measure?, places: [Place]
    ) {
      (self.name, self.withoutEvidence, self.spread, self.gini) = (name, withoutEvidence, spread, gini)
      (self.paddingMass, self.centreEnrichment, self.focused, self.peaks) = (paddingMass, centreEnrichment, focused, peaks)
      (self.occlusion, self.members, self.places) = (occlusion, members, places)
    }

    package func place(_ id: String) -> Place? { places.first { $0.id == id } }
  }

  package struct Model: Sendable {
    package var name, file, sha256, cardSHA256: String
    package var verdicts: [Verdict]
    package var agreement: [Statistic]
    package var trust: Trust
    package var residual: Double
    package var checks: [Check]
    package var damage: Damage?
    package var coverings: [Covering]
    /// The first is the one that the verdicts are about.
    package var methods: [Method]
    /// Of the first method.
    package var meanMaps: MeanHands

    package init(
      name: String, file: String, sha256: String, cardSHA256: String, verdicts: [Verdict], agreement: [Statistic], trust: Trust, residual: Double,
      checks: [Check], damage: Damage?, coverings: [Covering], methods: [Method], meanMaps: MeanHands
    ) {
      (self.name, self.file, self.sha256, self.cardSHA256) = (name, file, sha256, cardSHA256)
      (self.verdicts, self.agreement, self.trust, self.residual) = (verdicts, agreement, trust, residual)
      (self.checks, self.damage, self.coverings, self.methods, self.meanMaps) = (checks, damage, coverings, methods, meanMaps)
    }
  }

  /// How far the maps of two models agree, image by image.
  package struct Comparison: Hashable, Sendable {
    package var first, second: String
    package var images: Int
    /// Mean rank correlation of the scored places' points, and of the cells where both maps have the same.
    package var places, cells: Measure
    /// Mean of the first score less the second, and mean size of it, in points.
    package var difference, distance: Measure

    package init(first: String, second: String, images: Int, places: Measure, cells: Measure, difference: Measure, distance: Measure) {
      (self.first, self.second, self.images, self.places) = (first, second, images, places)
      (self.cells, self.difference, self.distance) = (cells, difference, distance)
    }
  }

  /// One image and one model.
  package struct Row: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable { case trustworthy, deceptive, mistaken, unreliable, open }

    package var file: String
    package var patient, visit: String?
    package var model: Int
    package var total: Double?
    package var score: Double
    package var className: String?
    /// Of all scored places.
    package var enrichment, chance, p: Double?
    /// Shares of the positive evidence.
    package var sites, confounders, background: Double?
    /// Address of its page from the folder.
    package var page: String?

    package init(
      file: String, patient: String?, visit: String?, model: Int, total: Double?, score: Double, className: String?, enrichment: Double?, chance: Double?,
      p: Double?, sites: Double?, confounders: Double?, background: Double?, page: String? = nil
    ) {
      (self.file, self.patient, self.visit, self.model, self.total, self.score) = (file, patient, visit, model, total, score)
      (self.className, self.enrichment, self.chance, self.p) = (className, enrichment, chance, p)
      (self.sites, self.confounders, self.background, self.page) = (sites, confounders, background, page)
    }

    package var error: Double? { total.map { score - $0 } }

    /// - Parameter trust: whose limits hold.
    package func kind(_ trust: Trust) -> Kind {
      guard let error, let p else { return .open }
      return switch (abs(error) <= trust.tolerance, p <= trust.level) {
      case (true, true): .trustworthy
      case (true, false): .deceptive
      case (false, true): .mistaken
      case (false, false): .unreliable
      }
    }
  }

  package var title: String
  package var images: Int
  package var patients: Int?
  package var settings: [(name: String, value: String)]
  package var models: [Model]
  package var comparisons: [Comparison]
  package var rows: [Row]
  /// `summary.json`.
  package var summary: JSONText

  package init(
    title: String, images: Int, patients: Int?, settings: [(name: String, value: String)], models: [Model], comparisons: [Comparison], rows: [Row],
    summary: JSONText
  ) {
    (self.title, self.images, self.patients, self.settings) = (title, images, patients, settings)
    (self.models, self.comparisons, self.rows, self.summary) = (models, comparisons, rows, summary)
  }

  /// Those to look at first: right for reasons that are not to be seen, the least focused before the others; then all others by the size of their error.
  package static func outliersFirst(_ rows: [Row], _ trust: [Trust]) -> [Row] {
    func key(_ row: Row) -> (Int, Double) {
      if row.kind(trust[row.model]) == .deceptive { return (0, -(row.p ?? 0)) }
      return (1, -abs(row.error ?? 0))
    }
    return rows.enumerated().map { (offset: $0.offset, key: key($0.element), row: $0.element) }
      .sorted { ($0.key.0, $0.key.1, $0.offset) < ($1.key.0, $1.key.1, $1.offset) }.map(\.row)
  }
}
