/// A sidecar of masks: the schema `carpus-regions/1`.
struct RegionSidecar {
  struct Entry {
    let id: String
    let label: Int?
    let file: String?
    let joint: String?
    let laterality: Laterality?
    let name: String?

    private static let keys: Set = ["id", "label", "file", "joint", "laterality", "name", "scores", "group", "color", "codes"]

    init(_ node: JSONNode) throws(RegionError) {
      try node.refuseKeys(except: Entry.keys)
      let idNode = try node.required("id")
      id = try idNode.string()
      guard RegionName.isID(id) else { throw idNode.error("an id is a lower-case letter and up to 31 more of a-z, 0-9, _ and -") }
      label = try node.optional("label")?.integer()
      file = try node.optional("file")?.string()
      joint = try node.optional("joint")?.string()
      name = try node.optional("name")?.string()
      let side = try node.optional("laterality")
      laterality = Laterality(rawValue: try side?.string() ?? "")
      if let side, laterality == nil || laterality == .unspecified { throw side.error("a laterality is L, R, U or unknown") }
    }
  }

  /// Of the image that the masks belong to, where it is named.
  let sha256: String?
  let width, height: Int?
  let background: Int
  let ignore: [Int]
  let allowsOverlap: Bool
  let regions: [Entry]

  private static let keys: Set = ["schema", "image", "space", "background", "ignore", "overlap", "source", "regions"]

  init(_ bytes: [UInt8]) throws(RegionError) {
    let file = try JSONNode(bytes)
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
}
