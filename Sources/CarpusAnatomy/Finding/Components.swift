import CarpusImaging

/// Connected parts of a picture of yes and no; cells that share a side are connected.
enum Components {
  /// The cells of each part, the parts in the order of their first cell.
  static func of(_ cells: [Bool], _ size: PixelSize) -> [[Int]] {
    var isFree = cells
    var parts: [[Int]] = []
    for start in cells.indices where isFree[start] {
      var part = [start]
      isFree[start] = false
      var next = 0
      while next < part.count {
        let cell = part[next]
        next += 1
        let x = cell % size.width
        for (neighbour, isThere) in [
          (cell - 1, x > 0), (cell + 1, x < size.width - 1), (cell - size.width, cell >= size.width), (cell + size.width, cell + size.width < size.count),
        ] where isThere && isFree[neighbour] {
          isFree[neighbour] = false
          part.append(neighbour)
        }
      }
      parts.append(part)
    }
    return parts
  }
}

/// Growing and shrinking by one cell along rows and columns.
enum Morphology {
  static func dilated(_ cells: [Bool], _ size: PixelSize, times: Int = 1) -> [Bool] {
    var cells = cells
    for _ in 0..<times { cells = grown(cells, size) }
    return cells
  }

  /// Without what is thinner than three cells. Beyond the edge everything counts as in.
  static func opened(_ cells: [Bool], _ size: PixelSize) -> [Bool] {
    let eroded = grown(cells.map { !$0 }, size).map { !$0 }
    return zip(grown(eroded, size), cells).map { $0 && $1 }
  }

  private static func grown(_ cells: [Bool], _ size: PixelSize) -> [Bool] {
    var grown = cells
    for y in 0..<size.height {
      for x in 0..<size.width where cells[y * size.width + x] {
        let cell = y * size.width + x
        if x > 0 { grown[cell - 1] = true }
        if x < size.width - 1 { grown[cell + 1] = true }
        if y > 0 { grown[cell - size.width] = true }
        if y < size.height - 1 { grown[cell + size.width] = true }
      }
    }
    return grown
  }
}

extension Mask {
  /// The pixels of this mask that are not in the other.
  ///
  /// - Precondition: both masks lie on the same grid.
  public func subtracting(_ other: Mask) -> Mask {
    precondition(size == other.size, "a mask of \(other.size) on a grid of \(size)")
    var builder = MaskBuilder(size: size)
    for row in rows {
      let holes = Array(other.columns(inRow: row))
      for run in columns(inRow: row) {
        var start = run.lowerBound
        for hole in holes where hole.upperBound > start && hole.lowerBound < run.upperBound {
          if hole.lowerBound > start { builder.append(row: row, columns: start..<hole.lowerBound) }
          start = hole.upperBound
        }
        if start < run.upperBound { builder.append(row: row, columns: start..<run.upperBound) }
      }
    }
    return builder.mask
  }
}
