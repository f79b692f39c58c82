import CarpusImaging

/// The sums of a mask, from which the coverage of a cell is read off wherever the mask is moved: `S(u, v)` is the mask's area in
/// `[0, u] × [0, v]` of its bounding box. Between whole pixels it is bilinear, so that any rectangle is exact from its four corners.
struct MaskSums {
  let width, height: Int
  private let sums: [Int32]

  init(_ mask: Mask) {
    let columns = mask.columnBounds, rows = mask.rows
    (width, height) = (columns.count, rows.count)
    let stride = width + 1
    var sums = [Int32](repeating: 0, count: stride * (height + 1))
    for row in 0..<height {
      let above = row * stride, here = above + stride
      for run in mask.columns(inRow: rows.lowerBound + row) {
        for column in run { sums[here + column - columns.lowerBound + 1] = 1 }
      }
      var count: Int32 = 0
      for column in 1..<max(1, stride) {
        count += sums[here + column]
        sums[here + column] = sums[above + column] + count
      }
    }
    self.sums = sums
  }

  /// The mask's pixels in the columns `left ..< right` and rows `top ..< bottom` of its bounding box.
  func count(_ left: Int, _ right: Int, _ top: Int, _ bottom: Int) -> Int {
    let upper = top * (width + 1), lower = bottom * (width + 1)
    return Int(sums[lower + right] - sums[lower + left] - sums[upper + right] + sums[upper + left])
  }

  /// - Parameters u, v: within the bounding box.
  func area(_ u: Double, _ v: Double) -> Double {
    let column = min(width - 1, Int(u)), row = min(height - 1, Int(v))
    let (x, y) = (u - Double(column), v - Double(row))
    let place = row * (width + 1) + column, below = place + width + 1
    let upper = Double(sums[place]) * (1 - x) + Double(sums[place + 1]) * x
    let lower = Double(sums[below]) * (1 - x) + Double(sums[below + 1]) * x
    return upper * (1 - y) + lower * y
  }
}

/// The coverages of a region at many places, one row for each, in one block of memory.
package struct MovedCoverage {
  /// Row d has the entries `offsets[d] ..< offsets[d + 1]`.
  package private(set) var offsets = [0]
  package private(set) var cells: [Int32] = []
  package private(set) var shares: [Double] = []
  /// `Σ c` of each row.
  package private(set) var areas: [Double] = []

  package init(of mask: Mask, at placements: [MaskMoves.Placement], on grid: MapGrid) {
    let sums = MaskSums(mask)
    var corners: [Double] = []
    for placement in placements {
      let (left, top) = (Double(placement.x), Double(placement.y))
      let columns = MapGrid.cells(grid.columnEdges, from: left, to: left + Double(sums.width))
      let rows = MapGrid.cells(grid.rowEdges, from: top, to: top + Double(sums.height))
      corners.removeAll(keepingCapacity: true)
      if !columns.isEmpty {
        for row in rows.lowerBound...rows.upperBound {
          let v = Self.place(grid.rowEdges[row] - top, in: sums.height, isFlipped: placement.isFlippedY)
          for column in columns.lowerBound...columns.upperBound {
            corners.append(sums.area(Self.place(grid.columnEdges[column] - left, in: sums.width, isFlipped: placement.isFlippedX), v))
          }
        }
      }
      // A mirrored axis runs backwards.
      let sign = placement.isFlippedX == placement.isFlippedY ? 1.0 : -1.0
      let stride = columns.count + 1
      var total = 0.0
      for row in rows {
        let height = grid.rowEdges[row + 1] - grid.rowEdges[row]
        for column in columns {
          let corner = (row - rows.lowerBound) * stride + column - columns.lowerBound
          let area = sign * (corners[corner + stride + 1] - corners[corner + stride] - corners[corner + 1] + corners[corner])
          let share = area / (height * (grid.columnEdges[column + 1] - grid.columnEdges[column]))
          guard share > 1e-12 else { continue }
          cells.append(Int32(row * grid.width + column))
          shares.append(share)
          total += share
        }
      }
      areas.append(total)
      offsets.append(cells.count)
    }
  }

  private static func place(_ distance: Double, in extent: Int, isFlipped: Bool) -> Double {
    let inside = min(Double(extent), max(0, distance))
    return isFlipped ? Double(extent) - inside : inside
  }

  /// `Σ c·L⁺` and `Σ c·L` of each row.
  func sums(_ values: [Double]) -> [EvidenceSum] {
    areas.indices.map { draw in
      var positive = 0.0, negative = 0.0
      for entry in offsets[draw]..<offsets[draw + 1] {
        let value = values[Int(cells[entry])] * shares[entry]
        if value > 0 { positive += value } else { negative += value }
      }
      return EvidenceSum(positive: positive, negative: negative, area: areas[draw])
    }
  }
}
