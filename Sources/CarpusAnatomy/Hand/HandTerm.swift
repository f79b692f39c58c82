/// A part of a hand radiograph as the vocabulary knows it: what a region of this id stands for, on either side.
public struct HandTerm: Hashable, Sendable {
  public enum Kind: String, Hashable, Sendable, CaseIterable {
    /// A place that is scored.
    case site
    /// A joint that is not scored.
    case joint
    case bone
    /// What a reader outlined as damage.
    case lesion
    /// The hand, or a part of it or of the picture.
    case zone
    /// What is no part of the patient's hand and may mislead a network.
    case confounder
  }

  /// The id of its regions.
  public let id: String
  /// The name for readers.
  public let title: String
  public let kind: Kind
  /// Where it lies; `nil` for what may lie anywhere.
  public let zone: HandZone?
  /// The place of the Sharp/van der Heijde method that its pixels count for.
  public let site: SvdHSite?
  /// The kinds of damage that are scored there.
  public let damages: [SvdHDamage]
  /// Names of further groups that it belongs to, as a sidecar gives them.
  public let groups: [String]
  /// Codes of terminologies, as a sidecar gives them.
  public let codes: [TerminologyCode]

  public init(
    id: String, title: String, kind: Kind, zone: HandZone? = nil, site: SvdHSite? = nil, damages: [SvdHDamage] = [], groups: [String] = [],
    codes: [TerminologyCode] = []
  ) {
    self.id = id
    self.title = title
    self.kind = kind
    self.zone = zone
    self.site = site
    self.damages = damages
    self.groups = groups
    self.codes = codes
  }
}

/// Parts of the picture that together hold all of it.
public enum HandZone: String, Hashable, Sendable, CaseIterable {
  /// From the finger tips to the proximal interphalangeal joints and the bases of the proximal phalanges.
  case fingers
  /// The metacarpophalangeal joints.
  case mcpRow = "mcp-row"
  /// The shafts of the metacarpals, which hold no place that is scored.
  case metacarpus
  /// From the bases of the metacarpals to the ends of radius and ulna.
  case wrist
  case forearm
  /// What of the hand lies in none of the above.
  case softTissue = "soft-tissue"
  case background

  public var title: String {
    switch self {
    case .mcpRow: "metacarpophalangeal row"
    case .softTissue: "soft tissue"
    default: rawValue
    }
  }
}

/// A concept of a terminology, such as SNOMED CT (`SCT`).
public struct TerminologyCode: Hashable, Sendable {
  public let scheme, code, meaning: String

  public init(scheme: String, code: String, meaning: String) {
    self.scheme = scheme
    self.code = code
    self.meaning = meaning
  }
}
