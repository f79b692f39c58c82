/// The rows of the standard vocabulary: each term with the names by which other data sets and textbooks call it.
/// Names are compared by `HandVocabulary.key`: without case, spaces and punctuation.
enum HandTable {
  struct Row {
    let term: HandTerm
    let names: [String]

    init(_ term: HandTerm, _ names: [String] = []) {
      self.term = term
      self.names = names
    }
  }

  static let rows: [Row] = sites + otherJoints + bones + lesions + zones + confounders

  /// Fingers as words; the letters are those of RAM-H1200. No Roman numbers: `MCP-I` is the index finger's.
  private static let fingers: [Int: [String]] = [
    1: ["t", "thumb"], 2: ["i", "index"], 3: ["m", "middle", "long"], 4: ["r", "ring"], 5: ["s", "small", "little", "pinky"],
  ]

  /// `mcp2`, `metacarpophalangeal joint 2`, `MCP-I`, `index MCP`, `2nd MCP`, …
  private static func names(short: [String], long: [String], finger: Int) -> [String] {
    let words = fingers[finger] ?? []
    let ordinal = ["1st", "2nd", "3rd", "4th", "5th"][finger - 1]
    var names: [String] = []
    for family in (short + long).flatMap({ ["\($0) joint", $0] }) {
      names += ["\(family) \(finger)", "\(family) \(finger) of the hand", "\(ordinal) \(family)", "\(family) \(ordinal)", "\(family) joint \(finger)"]
      for word in words {
        names.append("\(family) \(word)")
        if word.count > 1 { names += ["\(word) \(family)", "\(word) finger \(family)", "\(family) \(word) finger"] }
      }
    }
    return names
  }

  private static let sites: [Row] = SvdHSite.allCases.map { site in
    let finger = site.rawValue.last?.wholeNumberValue ?? 0
    let names: [String] =
      switch site {
      case .ip1: ["IP", "IP-T", "thumb IP", "interphalangeal joint 1", "thumb interphalangeal", "thumb interphalangeal joint"]
      case .pip2, .pip3, .pip4, .pip5: names(short: ["PIP"], long: ["proximal interphalangeal"], finger: finger)
      case .mcp1, .mcp2, .mcp3, .mcp4, .mcp5: names(short: ["MCP"], long: ["metacarpophalangeal"], finger: finger)
      case .cmc1: names(short: ["CMC"], long: ["carpometacarpal"], finger: 1) + ["MCB", "base of first metacarpal", "first metacarpal base", "MC1 base"]
      case .cmc3, .cmc4, .cmc5: names(short: ["CMC"], long: ["carpometacarpal"], finger: finger)
      case .trapezium: ["trapzium", "multangular", "trapezium and trapezoid", "trapezium-trapezoid", "greater multangular"]
      case .scaphoid: ["navicular", "scaphoid bone"]
      case .lunate: ["lunate bone", "semilunar"]
      case .radius: ["distal radius", "radius distal", "radius bone"]
      case .ulna: ["distal ulna", "ulna distal", "ulnar head", "ulna bone"]
      case .stt: ["multangular-scaphoid", "scaphotrapeziotrapezoid", "scaphoid-trapezium", "scaphotrapezial"]
      case .sc: ["SCL", "capitate-navicular", "capitate-scaphoid", "capitate-scaphoid-lunate", "scaphocapitate", "scaphoid-capitate"]
      case .sr: ["radioscaphoid", "scaphoid-radius", "radiocarpal joint", "radius-scaphoid"]
      }
    let term = HandTerm(id: site.regionID, title: site.title, kind: .site, zone: site.zone, site: site, damages: site.damages)
    return Row(term, names + [site.title, site.vanDerHeijdeName] + (site.cdiscLocation.map { [$0] } ?? []))
  }

  /// DIP joints and the second carpometacarpal joint are in data sets, but not scored in rheumatoid arthritis.
  private static let otherJoints: [Row] =
    (2...5).map { finger in
      Row(
        HandTerm(id: "dip\(finger)", title: "distal interphalangeal joint \(finger)", kind: .joint, zone: .fingers),
        names(short: ["DIP"], long: ["distal interphalangeal"], finger: finger))
    } + [
      Row(
        HandTerm(id: "cmc2", title: "carpometacarpal joint 2", kind: .joint, zone: .wrist),
        names(short: ["CMC"], long: ["carpometacarpal"], finger: 2))
    ]

  private static let bones: [Row] = rays("metacarpal", "metacarpal", .metacarpus, ["MC", "metacarpal", "metacarpus", "metacarpal bone"], from: 1)
    + rays("proximal-phalanx", "proximal phalanx", .fingers, ["PP", "proximal phalanx", "phalanx proximal"], from: 1)
    + rays("middle-phalanx", "middle phalanx", .fingers, ["middle phalanx", "intermediate phalanx", "phalanx media"], from: 2)
    + rays("distal-phalanx", "distal phalanx", .fingers, ["DP", "distal phalanx", "phalanx distal"], from: 1)
    + carpals + [
      Row(HandTerm(id: "sesamoid-radial", title: "radial sesamoid of the thumb", kind: .bone, zone: .mcpRow)),
      Row(HandTerm(id: "sesamoid-ulnar", title: "ulnar sesamoid of the thumb", kind: .bone, zone: .mcpRow)),
    ]

  private static func rays(_ id: String, _ title: String, _ zone: HandZone, _ families: [String], from first: Int) -> [Row] {
    (first...5).map { ray in
      Row(
        HandTerm(id: "\(id)\(ray)", title: "\(title) \(ray)", kind: .bone, zone: zone),
        names(short: families, long: [], finger: ray))
    }
  }

  /// The places that are scored have `scaphoid`, `radius`, … to themselves; masks of the whole bones beside them are `bone-scaphoid`, ….
  /// The trapezoid is scored together with the trapezium.
  private static let carpals: [Row] = ["scaphoid", "lunate", "trapezium", "trapezoid", "radius", "ulna"].map {
    Row(HandTerm(id: "bone-\($0)", title: "\($0) (bone)", kind: .bone, zone: .wrist))
  } + [
    Row(
      HandTerm(id: "trapezoid", title: "trapezoid", kind: .site, zone: .wrist, site: .trapezium, damages: SvdHSite.trapezium.damages),
      ["trapzoid", "lesser multangular", "trapezoid bone"]),
    Row(
      HandTerm(id: "bone-pisiform-triquetrum", title: "pisiform and triquetrum", kind: .bone, zone: .wrist),
      ["pisiform triquetrum", "pisifrom triquetrum", "triquetrum pisiform"]),
  ] + ["triquetrum", "pisiform", "capitate", "hamate"].map {
    Row(HandTerm(id: "bone-\($0)", title: $0, kind: .bone, zone: .wrist), [$0, "\($0) bone"])
  }

  /// Outlines of erosions in RAM-H1200.
  private static let lesions: [Row] = [
    Row(HandTerm(id: "svdh-be-90", title: "erosion at a scored place, surely", kind: .lesion)),
    Row(HandTerm(id: "svdh-be-50", title: "erosion at a scored place, perhaps", kind: .lesion)),
    Row(HandTerm(id: "non-svdh-be", title: "erosion elsewhere", kind: .lesion)),
    Row(HandTerm(id: "calcification", title: "soft-tissue calcification", kind: .lesion, zone: .softTissue), ["soft tissue calcification"]),
  ]

  private static let zones: [Row] =
    HandZone.allCases.map { zone in
      let names: [String] =
        switch zone {
        case .fingers: ["digits"]
        case .mcpRow: ["MCP row", "MCP joints"]
        case .metacarpus: ["metacarpals", "palm"]
        case .wrist: ["carpus", "wrist joint"]
        case .background: ["outside", "air"]
        default: []
        }
      return Row(HandTerm(id: zone.rawValue, title: zone.title, kind: .zone, zone: zone), names + [zone.title])
    } + [Row(HandTerm(id: "hand", title: "hand", kind: .zone), ["whole hand", "hand mask"])]

  private static let confounders: [Row] = [
    ("marker", "marker", ["laterality marker", "side marker", "lead marker", "letter"]),
    ("border", "border of the picture", ["frame", "black border"]),
    ("collimation", "edge of the collimated field", ["collimator", "collimation edge"]),
    ("ring", "ring on a finger", ["jewelry", "jewellery", "finger ring"]),
    ("metal", "metal implant", ["metal implant", "implant", "prosthesis", "screw", "wire"]),
    ("cannula", "cannula", ["intravenous cannula"]),
    ("cast", "cast", ["plaster", "splint", "orthosis"]),
    ("text", "burned-in text", ["burned in text", "annotation", "label"]),
    ("padding", "padding", ["pad"]),
    ("bright", "bright object", ["bright object"]),
    ("artefact", "artefact", ["artifact", "artefacts", "artifacts", "foreign body"]),
  ].map { Row(HandTerm(id: $0, title: $1, kind: .confounder), $2) }
}
