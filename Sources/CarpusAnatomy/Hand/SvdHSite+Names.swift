extension SvdHSite {
  /// Where the place lies.
  public var zone: HandZone {
    switch self {
    case .ip1, .pip2, .pip3, .pip4, .pip5: .fingers
    case .mcp1, .mcp2, .mcp3, .mcp4, .mcp5: .mcpRow
    default: .wrist
    }
  }

  /// The name in van der Heijde's lists of sites. There the trapezium and the trapezoid are the multangular bones, the scaphoid is the navicular.
  public var vanDerHeijdeName: String {
    switch self {
    case .cmc1: "MC1 base"
    case .trapezium: "multangular"
    case .scaphoid: "navicular"
    case .stt: "multangular-navicular"
    case .sc: "capitate-navicular-lunate"
    case .sr: "radiocarpal"
    default: rawValue
    }
  }

  /// The term for MKLOC in CDISC's SDTM, where it is known; the side goes to MKLAT.
  public var cdiscLocation: String? {
    switch self {
    case .mcp1, .mcp2, .mcp3, .mcp4, .mcp5: "METACARPOPHALANGEAL JOINT \(rawValue.suffix(1))"
    case .pip2, .pip3, .pip4, .pip5: "PROXIMAL INTERPHALANGEAL JOINT \(rawValue.suffix(1)) OF THE HAND"
    default: nil
    }
  }
}

extension SvdHDamage {
  /// MKTESTCD of CDISC's SDTM: the score of Sharp's method as modified by Genant for erosion or narrowing.
  public var cdiscTestCode: String { self == .erosion ? "SGBESCR" : "SGJSNSCR" }
}

extension Laterality {
  /// MKLAT of CDISC's SDTM.
  public var cdiscLaterality: String? {
    switch self {
    case .left: "LEFT"
    case .right: "RIGHT"
    default: nil
    }
  }
}
