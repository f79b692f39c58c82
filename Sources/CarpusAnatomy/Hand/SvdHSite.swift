/// A place of one hand that the Sharp/van der Heijde method scores: 16 places for erosion, 15 for joint-space narrowing, 22 altogether.
///
/// The raw value is the name that Carpus writes. Source: van der Heijde's modification of the Sharp score, hands and wrists.
public enum SvdHSite: String, Hashable, Sendable, CaseIterable {
  case ip1 = "IP1"
  case pip2 = "PIP2", pip3 = "PIP3", pip4 = "PIP4", pip5 = "PIP5"
  case mcp1 = "MCP1", mcp2 = "MCP2", mcp3 = "MCP3", mcp4 = "MCP4", mcp5 = "MCP5"
  case cmc1 = "CMC1"
  /// Trapezium and trapezoid, which are scored as one.
  case trapezium, scaphoid, lunate, radius, ulna
  case cmc3 = "CMC3", cmc4 = "CMC4", cmc5 = "CMC5"
  /// Between scaphoid, trapezium and trapezoid.
  case stt = "STT"
  /// Between scaphoid and capitate.
  case sc = "SC"
  /// Between scaphoid and radius.
  case sr = "SR"

  /// The kinds of damage that are scored here.
  public var damages: [SvdHDamage] {
    switch self {
    case .ip1, .cmc1, .trapezium, .scaphoid, .lunate, .radius, .ulna: [.erosion]
    case .cmc3, .cmc4, .cmc5, .stt, .sc, .sr: [.narrowing]
    default: [.erosion, .narrowing]
    }
  }

  /// The id of the region of this place: the name in lower case.
  public var regionID: String { rawValue.lowercased() }

  /// The name for readers.
  public var title: String {
    switch self {
    case .ip1: "thumb interphalangeal joint"
    case .pip2, .pip3, .pip4, .pip5: "proximal interphalangeal joint \(rawValue.suffix(1))"
    case .mcp1, .mcp2, .mcp3, .mcp4, .mcp5: "metacarpophalangeal joint \(rawValue.suffix(1))"
    case .cmc1: "base of the first metacarpal"
    case .trapezium: "trapezium and trapezoid"
    case .scaphoid: "scaphoid"
    case .lunate: "lunate"
    case .radius: "distal radius"
    case .ulna: "distal ulna"
    case .cmc3, .cmc4, .cmc5: "carpometacarpal joint \(rawValue.suffix(1))"
    case .stt: "scaphoid-trapezium-trapezoid joint"
    case .sc: "scaphoid-capitate joint"
    case .sr: "scaphoid-radius joint"
    }
  }

  /// The key of the RAM-H1200 data set.
  public var ramKey: String {
    switch self {
    case .ip1: "IP"
    case .pip2: "PIP-I"
    case .pip3: "PIP-M"
    case .pip4: "PIP-R"
    case .pip5: "PIP-S"
    case .mcp1: "MCP-T"
    case .mcp2: "MCP-I"
    case .mcp3: "MCP-M"
    case .mcp4: "MCP-R"
    case .mcp5: "MCP-S"
    case .cmc1: "CMC-T"
    case .trapezium: "Tm"
    case .scaphoid: "S"
    case .lunate: "L"
    case .radius: "R"
    case .ulna: "U"
    case .cmc3: "CMC-M"
    case .cmc4: "CMC-R"
    case .cmc5: "CMC-S"
    case .stt: "STT"
    case .sc: "SC"
    case .sr: "SR"
    }
  }
}

/// What the Sharp/van der Heijde method scores at a place.
public enum SvdHDamage: String, Hashable, Sendable, CaseIterable {
  /// Loss of bone: 0…5.
  case erosion
  /// Joint-space narrowing: 0 normal, 1 focal or doubtful, 2 more than half of the space left, 3 less than half left or subluxation,
  /// 4 ankylosis or complete luxation.
  case narrowing

  /// The highest grade.
  public var maximum: Int { self == .erosion ? 5 : 4 }
}
