import CarpusImaging

/// LabelMe's JSON: one radiograph; shapes that are polygons, rectangles, circles (centre and a point of the rim), points, or masks (a PNG in
/// base 64 with the columns and rows that it covers). Shapes of one label and one `group_id` are parts of one region.
///
/// Source: the examples of github.com/wkentaro/labelme.
enum LabelMeRegions {
  private struct Shape {
    let node: RegionNode
    let label, type: String
    let group: Int?
    let points: [PixelPoint]

    init(_ node: RegionNode) throws(RegionError) {
      self.node = node
      label = try node.required("label").string()
      type = try node.optional("shape_type")?.string() ?? "polygon"
      group = try node.optional("group_id")?.integer()
      var points: [PixelPoint] = []
      for point in try node.required("points").elements() {
        let numbers = try point.numbers()
        guard numbers.count == 2 else { throw point.error("a point is x and y") }
        points.append(PixelPoint(x: numbers[0], y: numbers[1]))
      }
      self.points = points
    }
  }

  static func read(_ file: RegionNode, source: RegionSource) throws(RegionError) -> RegionSet {
    var assembly = RegionAssembly(size: source.imageSize)
    let image = try image(file)
    if try ImageNames([image.name]).choose(source.imageName).isOtherName, let name = image.name {
      assembly.warnings.append(.onlyImage(RegionName.cleaned(name)))
    }
    if let drawn = image.size, drawn != source.imageSize { throw .otherSize(mask: drawn, radiograph: source.imageSize) }
    var shapes: [Shape] = []
    for node in try file.required("shapes").elements() { shapes.append(try Shape(node)) }
    assembly.dialect = NameDialect(of: shapes.map(\.label))
    let marked = shapes.filter { $0.type == "point" }.compactMap(\.points.first)
    let radius = source.keypointRadius ?? COCORegions.defaultKeypointRadius(of: marked, size: source.imageSize)
    var isDone = [Bool](repeating: false, count: shapes.count)
    var members: [String: [Int]] = [:]
    for (index, shape) in shapes.enumerated() { if let group = shape.group { members["\(group):\(shape.label)", default: []].append(index) } }
    for (index, shape) in shapes.enumerated() where !isDone[index] {
      let parts = shape.group.flatMap { members["\($0):\(shape.label)"] } ?? [index]
      for part in parts { isDone[part] = true }
      try add(parts.map { shapes[$0] }, radius: radius, to: &assembly)
    }
    return try assembly.set()
  }

  static func image(_ file: RegionNode) throws(RegionError) -> RegionCohort.Image {
    let (width, height) = (try file.optional("imageWidth")?.integer(), try file.optional("imageHeight")?.integer())
    let size = width.flatMap { width in height.map { PixelSize(width: width, height: $0) } }
    return RegionCohort.Image(name: try file.optional("imagePath")?.string(), size: size)
  }

  private static func add(_ shapes: [Shape], radius: Double, to assembly: inout RegionAssembly) throws(RegionError) {
    guard let first = shapes.first else { return }
    let identity = assembly.identity(first.label, nil)
    if shapes.allSatisfy({ $0.type == "polygon" }) {
      for shape in shapes where shape.points.count < 3 { throw shape.node.error("a polygon has at least three points") }
      try assembly.add(identity, polygons: shapes.map(\.points))
      return
    }
    guard shapes.count == 1 else { throw .invalid(region: identity.name, "only polygons of one group are joined; give other shapes no group_id") }
    let points = first.points
    switch (first.type, points.count) {
    case ("rectangle", 2), ("rectangle", 4):
      let (xs, ys) = (points.map(\.x), points.map(\.y))
      guard let left = xs.min(), let right = xs.max(), let top = ys.min(), let bottom = ys.max() else { return }
      try assembly.add(identity, box: PixelRectangle(minX: left, minY: top, maxX: right, maxY: bottom))
    case ("circle", 2):
      let (dx, dy) = (points[1].x - points[0].x, points[1].y - points[0].y)
      try assembly.add(identity, keypoint: points[0], radius: (dx * dx + dy * dy).squareRoot())
    case ("point", 1): 
      try COCORegions.checkRadius(radius)
      try assembly.add(identity, keypoint: points[0], radius: radius)
    case ("mask", 2): try assembly.add(identity, .runLength, mask(first, at: points[0], in: assembly.size))
    default:
      throw .invalid(
        region: identity.name,
        "a shape ‘\(RegionName.cleaned(first.type))’ of \(points.count) points; polygons, rectangles, circles, points and masks are read")
    }
  }

  private static func mask(_ shape: Shape, at corner: PixelPoint, in size: PixelSize) throws(RegionError) -> Mask {
    let node = try shape.node.required("mask")
    guard let bytes = Base64.decode(try node.string()) else { throw node.error("the mask is not base 64") }
    let image: LabelImage
    do { image = try LabelImage(pngBytes: bytes) } catch { throw node.error(error.description) }
    guard let left = Int(exactly: corner.x.rounded()), let top = Int(exactly: corner.y.rounded()), abs(left) < 1 << 30, abs(top) < 1 << 30 else {
      throw shape.node.error("the mask lies too far away")
    }
    return Mask(size: size, columns: left..<left + image.size.width, rows: top..<top + image.size.height) { x, y in
      image.labels[(y - top) * image.size.width + x - left] != 0
    }
  }

  /// Polygons along the pixels' edges; see `Mask.outline`.
  static func write(_ set: RegionSet, named name: String, imageName: String) throws(RegionError) -> [RegionFile] {
    var shapes: [String] = []
    for region in set.regions {
      let points = region.mask.outline.map { "[\(Int($0.x)), \(Int($0.y))]" }
      shapes.append(
        "{\"label\": \(JSONString.quoted(try RegionName.sided(region, in: "LabelMe's format"))), \"points\": [\(points.joined(separator: ", "))], "
          + "\"group_id\": null, \"shape_type\": \"polygon\", \"flags\": {}}")
    }
    let text = "{\"version\": \"5.4.1\", \"flags\": {}, \"shapes\": [\n\(shapes.joined(separator: ",\n"))\n], \"imagePath\": \(JSONString.quoted(imageName)), "
      + "\"imageData\": null, \"imageHeight\": \(set.size.height), \"imageWidth\": \(set.size.width)}\n"
    return [RegionFile(name: name, bytes: Array(text.utf8))]
  }
}

/// RFC 4648.
enum Base64 {
  /// - Returns: `nil` for what is no base 64.
  static func decode(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    var (value, bits, padding) = (UInt32(0), 0, 0)
    for byte in text.utf8 {
      let digit: UInt8
      switch byte {
      case 65...90: digit = byte - 65
      case 97...122: digit = byte - 71
      case 48...57: digit = byte + 4
      case 43: digit = 62
      case 47: digit = 63
      case 61:
        padding += 1
        continue
      case 10, 13: continue
      default: return nil
      }
      guard padding == 0 else { return nil }
      value = value << 6 | UInt32(digit)
      bits += 6
      if bits >= 8 {
        bits -= 8
        bytes.append(UInt8(truncatingIfNeeded: value >> UInt32(bits)))
      }
    }
    return padding <= 2 && bits < 6 ? bytes : nil
  }
}
