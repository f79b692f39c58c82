import CarpusImaging

/// CheXlocalize's JSON: for each image a dictionary of regions, each a run length `{"size": [height, width], "counts": text or list}`, or,
/// beside `img_size`, a list of polygons. Images are named without their extension. A mask without pixels says that there is nothing.
///
/// Source: the readme of github.com/rajpurkarlab/cheXlocalize.
enum CheXlocalizeRegions {
  /// Whether a JSON object looks like this format: all its members are dictionaries of masks.
  static func isFile(_ node: RegionNode) throws(RegionError) -> Bool {
    guard let key = keys(of: node).first, let image = try node.optional(key), image.isObject else { return false }
    if try image.optional("img_size") != nil { return true }
    guard let name = keys(of: image).first, let region = try image.optional(name), region.isObject else { return false }
    return try region.optional("counts") != nil
  }

  static func read(_ node: RegionNode, source: RegionSource) throws(RegionError) -> RegionSet {
    let names = keys(of: node)
    let (index, isOther) = try ImageNames(names).choose(source.imageName)
    let image = try node.required(names[index])
    var assembly = RegionAssembly(size: source.imageSize)
    let regions = keys(of: image).filter { $0 != "img_size" }
    assembly.dialect = NameDialect(of: regions)
    if isOther { assembly.warnings.append(.onlyImage(RegionName.cleaned(names[index]))) }
    let polygonSize = try image.optional("img_size")?.integers()
    if let drawn = polygonSize, drawn != [source.imageSize.height, source.imageSize.width] {
      guard drawn.count == 2 else { throw image.error("img_size is a height and a width") }
      throw .otherSize(mask: PixelSize(width: drawn[1], height: drawn[0]), radiograph: source.imageSize)
    }
    for name in regions {
      guard let region = try image.optional(name) else { continue }
      if polygonSize != nil { try add(polygons: region, name, to: &assembly) } else { try add(counts: region, name, to: &assembly) }
    }
    return try assembly.set()
  }

  /// In the order of the names, which is all the order that an object has.
  static func images(_ node: RegionNode) throws(RegionError) -> [RegionCohort.Image] {
    var images: [RegionCohort.Image] = []
    for name in keys(of: node) {
      let image = try node.required(name)
      var size = try image.optional("img_size")?.integers()
      if size == nil, let first = keys(of: image).first { size = try image.optional(first)?.optional("size")?.integers() }
      images.append(RegionCohort.Image(name: name, size: size.flatMap { $0.count == 2 ? PixelSize(width: $0[1], height: $0[0]) : nil }))
    }
    return images
  }

  private static func add(polygons node: RegionNode, _ name: String, to assembly: inout RegionAssembly) throws(RegionError) {
    var polygons: [[PixelPoint]] = []
    for polygon in try node.elements() {
      var points: [PixelPoint] = []
      for point in try polygon.elements() {
        let numbers = try point.numbers()
        guard numbers.count == 2 else { throw point.error("a point is x and y") }
        points.append(PixelPoint(x: numbers[0], y: numbers[1]))
      }
      guard points.count >= 3 else { throw polygon.error("a polygon has at least three points") }
      polygons.append(points)
    }
    guard !polygons.isEmpty else {
      assembly.warnings.append(.nothingThere(region: RegionName.cleaned(name)))
      return
    }
    try assembly.add(assembly.identity(name, nil), polygons: polygons)
  }

  private static func add(counts node: RegionNode, _ name: String, to assembly: inout RegionAssembly) throws(RegionError) {
    let size = try node.required("size").integers()
    let counts = try node.required("counts")
    let drawn = size.count == 2 ? PixelSize(width: size[1], height: size[0]) : assembly.size
    guard size.count == 2 else { throw node.error("size is a height and a width") }
    guard drawn == assembly.size else { throw .otherSize(mask: drawn, radiograph: assembly.size) }
    let isText = if case .string = counts.value { true } else { false }
    let text = isText ? try counts.string() : ""
    let list = isText ? [] : try counts.integers()
    let runs: ColumnRunLength
    do throws(RunLengthError) {
      runs = isText ? try ColumnRunLength(compressed: text, size: drawn) : try ColumnRunLength(counts: list, size: drawn)
    } catch { throw .invalid(region: RegionName.cleaned(name), error.description) }
    let mask = runs.mask
    guard !mask.isEmpty else {
      assembly.warnings.append(.nothingThere(region: RegionName.cleaned(name)))
      return
    }
    try assembly.add(assembly.identity(name, nil), .runLength, mask)
  }

  private static func keys(of node: RegionNode) -> [String] {
    guard case .object(let members) = node.value else { return [] }
    return members.keys.sorted()
  }

  static func write(_ set: RegionSet, named name: String, imageName: String) throws(RegionError) -> [RegionFile] {
    var lines: [String] = []
    for region in set.regions {
      let counts = JSONString.quoted(ColumnRunLength(region.mask).compressed)
      lines.append(
        "\(JSONString.quoted(try RegionName.sided(region, in: "CheXlocalize's format"))): "
          + "{\"size\": [\(set.size.height), \(set.size.width)], \"counts\": \(counts)}")
    }
    let text = "{\(JSONString.quoted(String(ImageNames.stem(imageName)))): {\n\(lines.joined(separator: ",\n"))\n}}\n"
    return [RegionFile(name: name, bytes: Array(text.utf8))]
  }
}

extension RegionName {
  /// `L:mcp2`: the side and the id in one name, from which readers get both.
  ///
  /// - Throws: `RegionError.notHeld` where a reader would get something else.
  static func sided(_ region: Region, in format: String) throws(RegionError) -> String {
    let isSided = region.laterality == .left || region.laterality == .right
    let name = isSided ? "\(region.laterality.rawValue):\(region.id)" : region.id
    guard (laterality(of: name)?.0 ?? .unspecified) == region.laterality else {
      throw .notHeld(format, "the id ‘\(region.id)’ together with the side ‘\(region.laterality.rawValue)’")
    }
    return name
  }
}
