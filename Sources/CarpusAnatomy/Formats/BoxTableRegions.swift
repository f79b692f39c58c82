import CarpusImaging

/// Boxes in pixels as CSV with a header. A column names the region (`region`, `label`, `name`, `class`, `joint`), four give the box:
/// `xmin,ymin,xmax,ymax` (or `x1,y1,x2,y2`), `x,y,width,height`, or `xcenter,ycenter,dx,dy`; `image` (or `filename`) and `side` may be there.
///
/// Coordinates are continuous: (0, 0) is the upper left corner of the upper left pixel.
enum BoxTableRegions {
  private static let nameColumns = ["region", "label", "name", "class", "joint", "category"]
  private static let imageColumns = ["image", "filename", "file_name", "file", "image_id"]
  private static let sideColumns = ["side", "laterality", "hand"]

  /// How four numbers are a box.
  private enum Corners: CaseIterable {
    case edges, shortEdges, extent, shortExtent, centre

    var columns: [String] {
      switch self {
      case .edges: ["xmin", "ymin", "xmax", "ymax"]
      case .shortEdges: ["x1", "y1", "x2", "y2"]
      case .extent: ["x", "y", "width", "height"]
      case .shortExtent: ["x", "y", "w", "h"]
      case .centre: ["xcenter", "ycenter", "dx", "dy"]
      }
    }

    func box(_ n: [Double]) -> PixelRectangle {
      switch self {
      case .edges, .shortEdges: PixelRectangle(minX: n[0], minY: n[1], maxX: n[2], maxY: n[3])
      case .extent, .shortExtent: PixelRectangle(minX: n[0], minY: n[1], maxX: n[0] + n[2], maxY: n[1] + n[3])
      case .centre: PixelRectangle(minX: n[0] - n[2] / 2, minY: n[1] - n[3] / 2, maxX: n[0] + n[2] / 2, maxY: n[1] + n[3] / 2)
      }
    }
  }

  static func read(_ table: TextTable, source: RegionSource) throws(RegionError) -> RegionSet {
    guard let corners = Corners.allCases.first(where: { Set(table.header).isSuperset(of: $0.columns) }) else {
      let choices = Corners.allCases.map { $0.columns.joined(separator: ",") }.joined(separator: "; ")
      throw .malformed(at: "line 1", "four columns give a box, one of: \(choices)")
    }
    guard let nameColumn = table.column(nameColumns) else {
      throw .malformed(at: "line 1", "a column names the regions: \(nameColumns.joined(separator: ", "))")
    }
    let numbers = corners.columns.compactMap { table.header.firstIndex(of: $0) }
    var assembly = RegionAssembly(size: source.imageSize)
    var rows = Array(table.rows.indices)
    if let column = table.column(imageColumns) {
      let images = names(table, column)
      let (index, isOther) = try ImageNames(images).choose(source.imageName)
      if isOther { assembly.warnings.append(.onlyImage(RegionName.cleaned(images[index]))) }
      rows = rows.filter { table.rows[$0].cells[column] == images[index] }
    }
    assembly.dialect = NameDialect(of: rows.map { table.rows[$0].cells[nameColumn] })
    let sideColumn = table.column(sideColumns)
    for row in rows {
      var values: [Double] = []
      for column in numbers { values.append(try table.number(row, column)) }
      let side = try sideColumn.map { column throws(RegionError) in try laterality(table.rows[row].cells[column], line: table.rows[row].line) }
      let identity = assembly.identity(table.rows[row].cells[nameColumn], side)
      let box = corners.box(values)
      guard box.minX < box.maxX, box.minY < box.maxY else { throw .invalid(region: identity.name, "its box has no positive width and height") }
      try assembly.add(identity, box: box)
    }
    return try assembly.set()
  }

  private static func names(_ table: TextTable, _ column: Int) -> [String] {
    var seen: Set<String> = []
    return table.rows.map { $0.cells[column] }.filter { seen.insert($0).inserted }
  }

  /// Sizes of radiographs are not read: where there are columns `width` and `height`, tools differ in what they mean.
  static func images(_ table: TextTable) -> [RegionCohort.Image] {
    guard let column = table.column(imageColumns) else { return [RegionCohort.Image(name: nil, size: nil)] }
    return names(table, column).map { RegionCohort.Image(name: $0, size: nil) }
  }

  private static func laterality(_ text: String, line: Int) throws(RegionError) -> Laterality {
    switch text.lowercased() {
    case "l", "left": .left
    case "r", "right": .right
    case "u", "unpaired": .unpaired
    case "unknown": .unknown
    case "": .unspecified
    default: throw .malformed(at: "line \(line)", "a side is L, R, U, unknown or empty, not ‘\(RegionName.cleaned(text))’")
    }
  }

  static func write(_ set: RegionSet, named name: String, imageName: String) throws(RegionError) -> [RegionFile] {
    var text = "image,region,side,xmin,ymin,xmax,ymax\n"
    for region in set.regions {
      guard let bounds = region.mask.bounds else { continue }
      let side = region.laterality == .unspecified ? "" : region.laterality.rawValue
      let corners = [bounds.minX, bounds.minY, bounds.maxX, bounds.maxY].map { String(Int($0)) }
      text += "\(cell(imageName)),\(region.id),\(side),\(corners.joined(separator: ","))\n"
    }
    return [RegionFile(name: name, bytes: Array(text.utf8))]
  }

  private static func cell(_ text: String) -> String {
    text.contains { ",\"\n\r".contains($0) } ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
  }
}
