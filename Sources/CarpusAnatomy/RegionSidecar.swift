import CarpusImaging

/// A sidecar of masks: the schema `carpus-regions/1`.
struct RegionSidecar {
  struct Entry {
    let id: String
    let label: Int?
    let file: String?
    let joint: String?
    let laterality: Laterality?
    let name: String?
    let scores: [SvdHDamage]?
    let groups: [String]
    let codes: [TerminologyCode]

    private static let keys: Set = ["id", "label", "file", "joint", "laterality", "name", "scores", "group", "color", "codes"]

    init(_ node: RegionNode) throws(RegionError) {
      try node.refuseKeys(except: Entry.keys)
      let idNode = try node.required("id")
      id = try idNode.string()
      guard RegionName.isID(id) else { throw idNode.error("an id is a lower-case letter and up to 31 more of a-z, 0-9, _ and -") }
      label = try node.optional("label")?.integer()
      file = try node.optional("file")?.string()
      joint = try node.optional("joint")?.string()
      name = try node.optional("name")?.string()
      scores = try node.optional("scores").map { node throws(RegionError) in try Entry.scores(node) }
      groups = try Entry.groups(node.optional("group"))
      codes = try Entry.codes(node.optional("codes"))
      let side = try node.optional("laterality")
      laterality = Laterality(rawValue: try side?.string() ?? "")
      if let side, laterality == nil || laterality == .unspecified { throw side.error("a laterality is L, R, U or unknown") }
    }

    private static func scores(_ node: RegionNode) throws(RegionError) -> [SvdHDamage] {
      var damages: [SvdHDamage] = []
      for element in try node.elements() {
        guard let damage = SvdHDamage(rawValue: try element.string()) else { throw element.error("what is scored is erosion or narrowing") }
        if !damages.contains(damage) { damages.append(damage) }
      }
      return damages
    }

    private static func groups(_ node: RegionNode?) throws(RegionError) -> [String] {
      var groups: [String] = []
      for element in try node?.elements() ?? [] { groups.append(RegionName.cleaned(try element.string())) }
      return groups
    }

    private static func codes(_ node: RegionNode?) throws(RegionError) -> [TerminologyCode] {
      var codes: [TerminologyCode] = []
      for element in try node?.elements() ?? [] {
        codes.append(
          TerminologyCode(
            scheme: RegionName.cleaned(try element.required("scheme").string()), code: RegionName.cleaned(try element.required("code").string()),
            meaning: RegionName.cleaned(try element.required("meaning").string())))
      }
      return codes
    }

    /// What the entry says of the hand's vocabulary: the `joint` that the region counts for, by any of its names, and what the entry adds.
    /// Without a known joint the id's own term, else a region that counts for no place.
    var term: HandTerm {
      let standard = HandVocabulary.standard
      let base = joint.flatMap { standard.term(named: $0) } ?? standard.term(id: id)
      return HandTerm(
        id: id, title: name ?? joint ?? base?.title ?? id, kind: base?.kind ?? (scores?.isEmpty == false ? .site : .zone), zone: base?.zone,
        site: base?.site, damages: scores ?? base?.damages ?? [], groups: groups, codes: codes)
    }

    /// Whether the entry says more than its id does.
    var hasTerm: Bool { joint != nil || scores != nil || !groups.isEmpty || !codes.isEmpty }
  }

  /// Of the image that the masks belong to, where it is named.
  let sha256: String?
  let width, height: Int?
  let background: Int
  let ignore: [Int]
  let allowsOverlap: Bool
  let regions: [Entry]

  private static let keys: Set = ["schema", "image", "space", "background", "ignore", "overlap", "source", "regions"]

  init(_ bytes: [UInt8]) throws(RegionError) { try self.init(RegionNode(bytes)) }

  init(_ file: RegionNode) throws(RegionError) {
    let schema = try file.required("schema")
    guard try schema.string() == "carpus-regions/1" else { throw schema.error("only carpus-regions/1 is read") }
    try file.refuseKeys(except: RegionSidecar.keys)
    if let space = try file.optional("space"), try space.string() != "image" {
      throw space.error("only masks on the radiograph itself (‘image’) are read")
    }
    let image = try file.optional("image")
    sha256 = try image?.optional("sha256")?.string()
    width = try image?.optional("width")?.integer()
    height = try image?.optional("height")?.integer()
    background = try file.optional("background")?.integer() ?? 0
    ignore = try file.optional("ignore")?.integers() ?? []
    let overlap = try file.optional("overlap")
    let policy = try overlap?.string() ?? "forbid"
    if let overlap, policy != "forbid", policy != "allow" { throw overlap.error("overlap is ‘forbid’ or ‘allow’") }
    allowsOverlap = policy == "allow"
    var regions: [Entry] = []
    for node in try file.required("regions").elements() { regions.append(try Entry(node)) }
    self.regions = regions
  }

  /// The standard vocabulary with what the sidecar says. Both sides share a term.
  func vocabulary() throws(RegionError) -> HandVocabulary {
    var terms: [String: HandTerm] = [:]
    for entry in regions where entry.hasTerm {
      let term = entry.term
      if let other = terms.updateValue(term, forKey: entry.id),
        (other.site, other.kind) != (term.site, term.kind) || other.damages != term.damages || other.groups != term.groups {
        throw .invalid(region: entry.id, "joint, scores and group differ between its sides; an id means the same on both")
      }
    }
    return HandVocabulary.standard.adding(regions.compactMap { terms.removeValue(forKey: $0.id) })
  }

  /// - Throws: `RegionError` where the masks belong to a radiograph of another size or content.
  func check(size: PixelSize, sha256 digest: String?) throws(RegionError) {
    let named = PixelSize(width: width ?? size.width, height: height ?? size.height)
    guard named == size else { throw .otherSize(mask: named, radiograph: size) }
    if let sha256, let digest, sha256 != digest { throw .otherImage }
    guard regions.count <= RegionLimits.regions else { throw .tooMuch("regions", regions.count, limit: RegionLimits.regions) }
  }

  /// The text of a sidecar for regions that have a `label` or a `file`.
  static func text(_ entries: [(region: Region, key: String, value: String)], of set: RegionSet, allowsOverlap: Bool) -> String {
    let lines = entries.map { region, key, value in
      let side = region.laterality == .unspecified ? "" : ", \"laterality\": \(JSONString.quoted(region.laterality.rawValue))"
      var more = ""
      if let term = set.vocabulary.term(of: region), term != HandVocabulary.standard.term(of: region) {
        if let site = term.site { more += ", \"joint\": \(JSONString.quoted(site.rawValue))" }
        more += ", \"scores\": [\(term.damages.map { JSONString.quoted($0.rawValue) }.joined(separator: ", "))]"
        if !term.groups.isEmpty { more += ", \"group\": [\(term.groups.map { JSONString.quoted($0) }.joined(separator: ", "))]" }
        if !term.codes.isEmpty {
          let codes = term.codes.map {
            "{\"scheme\": \(JSONString.quoted($0.scheme)), \"code\": \(JSONString.quoted($0.code)), \"meaning\": \(JSONString.quoted($0.meaning))}"
          }
          more += ", \"codes\": [\(codes.joined(separator: ", "))]"
        }
      }
      return "{\"id\": \(JSONString.quoted(region.id)), \"\(key)\": \(value)\(side), \"name\": \(JSONString.quoted(region.name))\(more)}"
    }
    return "{\n\"schema\": \"carpus-regions/1\",\n\"image\": {\"width\": \(set.size.width), \"height\": \(set.size.height)},\n"
      + (allowsOverlap ? "\"overlap\": \"allow\",\n" : "") + "\"regions\": [\n\(lines.joined(separator: ",\n"))\n]\n}\n"
  }
}
