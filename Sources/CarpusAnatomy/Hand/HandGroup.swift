/// A group of regions, as a question to the vocabulary: all scored places, the finger joints, one hand, a zone, what is scored for erosion.
///
/// As text: a name, then `.erosion` or `.narrowing`, after the side: `sites`, `L:finger-joints`, `wrist-sites.narrowing`, `confounders`,
/// `zone:wrist`, `bones`, or the name of a group that a sidecar gives.
public struct HandGroup: Hashable, Sendable, CustomStringConvertible {
  /// What a term must be for its regions to belong; `nil` and empty sets ask nothing.
  public struct Question: Hashable, Sendable {
    public var kinds: Set<HandTerm.Kind> = []
    public var zones: Set<HandZone> = []
    public var label: String?

    public init(kinds: Set<HandTerm.Kind> = [], zones: Set<HandZone> = [], label: String? = nil) {
      self.kinds = kinds
      self.zones = zones
      self.label = label
    }

    func holds(_ term: HandTerm) -> Bool {
      (kinds.isEmpty || kinds.contains(term.kind)) && (zones.isEmpty || term.zone.map(zones.contains) ?? false)
        && (label.map(term.groups.contains) ?? true)
    }
  }

  public let name: String
  public let question: Question
  /// Scored for this damage.
  public var damage: SvdHDamage?
  public var side: Laterality?

  public init(_ name: String, _ question: Question, damage: SvdHDamage? = nil, side: Laterality? = nil) {
    self.name = name
    self.question = question
    self.damage = damage
    self.side = side
  }

  public static let sites = HandGroup("sites", Question(kinds: [.site]))
  public static let fingerJoints = HandGroup("finger-joints", Question(kinds: [.site], zones: [.fingers, .mcpRow]))
  public static let wristSites = HandGroup("wrist-sites", Question(kinds: [.site], zones: [.wrist]))
  public static let bones = HandGroup("bones", Question(kinds: [.bone]))
  public static let confounders = HandGroup("confounders", Question(kinds: [.confounder]))
  public static let lesions = HandGroup("lesions", Question(kinds: [.lesion]))
  /// Everything in a zone: its places, joints and bones, and the zone itself.
  public static func zone(_ zone: HandZone) -> HandGroup { HandGroup("zone:\(zone.rawValue)", Question(zones: [zone])) }
  /// What a sidecar says belongs together.
  public static func labelled(_ label: String) -> HandGroup { HandGroup(label, Question(label: label)) }

  /// The groups that have a name of their own.
  public static let named: [HandGroup] = [sites, fingerJoints, wristSites, bones, confounders, lesions] + HandZone.allCases.map { zone($0) }

  /// Reads the text form; a name that no group has is the name of a sidecar's group.
  ///
  /// - Returns: `nil` for an empty name and for an unknown damage.
  public init?(_ text: String) {
    var rest = Substring(text)
    var side: Laterality?
    for (prefix, value) in [("L:", Laterality.left), ("R:", .right)] where rest.uppercased().hasPrefix(prefix) {
      side = value
      rest = rest.dropFirst(2)
    }
    var damage: SvdHDamage?
    if let dot = rest.lastIndex(of: ".") {
      guard let value = SvdHDamage(rawValue: String(rest[rest.index(after: dot)...])) else { return nil }
      damage = value
      rest = rest[..<dot]
    }
    guard !rest.isEmpty else { return nil }
    self = HandGroup.named.first { $0.name == rest } ?? .labelled(String(rest))
    self.side = side
    self.damage = damage
  }

  public var description: String {
    (side.map { "\($0.rawValue):" } ?? "") + name + (damage.map { ".\($0.rawValue)" } ?? "")
  }

  public func contains(_ region: Region, in vocabulary: HandVocabulary = .standard) -> Bool {
    guard side == nil || region.laterality == side, let term = vocabulary.term(of: region) else { return false }
    return question.holds(term) && (damage.map(term.damages.contains) ?? true)
  }

  /// The regions of a set that belong to the group, in the order of the set.
  public func regions(of set: RegionSet) -> [Region] { set.regions.filter { contains($0, in: set.vocabulary) } }
}

extension RegionSet {
  /// The regions whose pixels count for a place of a hand, in the order of the set: trapezium and trapezoid for the trapezium.
  public func regions(of site: SvdHSite, side: Laterality) -> [Region] {
    regions.filter { $0.laterality == side && vocabulary.term(of: $0)?.site == site }
  }
}
