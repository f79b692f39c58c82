public import CarpusImaging

/// The cells of an attribution map, seen from the radiograph.
///
/// A map of h×w cells over a network's input of H×W pixels: cell (i, j) is the rectangle
/// `[j·W/w, (j+1)·W/w] × [i·H/h, (i+1)·H/h]` of the input, and its image under the backward transform on the
/// radiograph. Where the network's input is padded, cells lie partly or wholly outside the radiograph.
public struct MapGrid: Hashable, Sendable {
  public let height, width: Int
  /// The borders between the cells' columns and rows, in pixels of the radiograph, ascending.
  let columnEdges, rowEdges: [Double]

  /// - Parameters:
  ///   - height: rows h of the map.
  ///   - width: columns w of the map.
  ///   - inputSize: size W×H of the network's input.
  ///   - transform: from the radiograph to the network's input.
  /// - Precondition: sizes are positive, scales positive and finite.
  public init(height: Int, width: Int, inputSize: PixelSize, transform: PixelTransform) {
    precondition(height > 0 && width > 0 && inputSize.width > 0 && inputSize.height > 0)
    precondition(transform.scaleX > 0 && transform.scaleX.isFinite && transform.offsetX.isFinite)
    precondition(transform.scaleY > 0 && transform.scaleY.isFinite && transform.offsetY.isFinite)
    self.height = height
    self.width = width
    columnEdges = (0...width).map { (Double($0 * inputSize.width) / Double(width) - transform.offsetX) / transform.scaleX }
    rowEdges = (0...height).map { (Double($0 * inputSize.height) / Double(height) - transform.offsetY) / transform.scaleY }
  }

  /// Where the whole grid lies, in pixels of the radiograph.
  public var frame: PixelRectangle {
    PixelRectangle(minX: columnEdges[0], minY: rowEdges[0], maxX: columnEdges[width], maxY: rowEdges[height])
  }

  /// Cell (i, j) in pixels of the radiograph.
  public func cell(row: Int, column: Int) -> PixelRectangle {
    PixelRectangle(minX: columnEdges[column], minY: rowEdges[row], maxX: columnEdges[column + 1], maxY: rowEdges[row + 1])
  }

  /// The share of each cell's area that the mask covers: `c(i, j) = |cell(i, j) ∩ mask| / |cell(i, j)|`, in [0, 1],
  /// row by row, h·w numbers. The areas are exact up to rounding.
  public func coverage(of mask: Mask) -> [Double] {
    var areas = [Double](repeating: 0, count: height * width)
    var widths = [Double](repeating: 0, count: width)
    for row in mask.rows {
      var touched = 0..<0
      for run in mask.columns(inRow: row) {
        let cells = MapGrid.cells(columnEdges, from: Double(run.lowerBound), to: Double(run.upperBound))
        for column in cells {
          widths[column] +=
            min(Double(run.upperBound), columnEdges[column + 1]) - max(Double(run.lowerBound), columnEdges[column])
        }
        if !cells.isEmpty { touched = touched.isEmpty ? cells : touched.lowerBound..<cells.upperBound }
      }
      guard !touched.isEmpty else { continue }
      for mapRow in MapGrid.cells(rowEdges, from: Double(row), to: Double(row + 1)) {
        let share = min(Double(row + 1), rowEdges[mapRow + 1]) - max(Double(row), rowEdges[mapRow])
        for column in touched { areas[mapRow * width + column] += widths[column] * share }
      }
      for column in touched { widths[column] = 0 }
    }
    for row in 0..<height {
      for column in 0..<width {
        areas[row * width + column] = MapGrid.share(areas[row * width + column] / cell(row: row, column: column).area)
      }
    }
    return areas
  }

  /// The share of each cell's area that lies on the radiograph, as `coverage(of: Mask(allOf: size))`.
  public func coverage(ofRadiograph size: PixelSize) -> [Double] {
    func shares(_ edges: [Double], _ extent: Int) -> [Double] {
      (0..<edges.count - 1).map { max(0, min(Double(extent), edges[$0 + 1]) - max(0, edges[$0])) / (edges[$0 + 1] - edges[$0]) }
    }
    let columns = shares(columnEdges, size.width)
    return shares(rowEdges, size.height).flatMap { row in columns.map { MapGrid.share(row * $0) } }
  }

  /// A share of a cell without the slivers that rounding leaves at borders that fall together: what is nearer than
  /// 10⁻¹² to nothing is nothing, what is as near to everything is everything.
  private static func share(_ value: Double) -> Double { value < 1e-12 ? 0 : value > 1 - 1e-12 ? 1 : value }

  /// The cells along one axis that overlap `lower ..< upper`.
  static func cells(_ edges: [Double], from lower: Double, to upper: Double) -> Range<Int> {
    /// How many edges satisfy the condition, which the first ones do.
    func count(_ condition: (Double) -> Bool) -> Int {
      var low = 0
      var high = edges.count
      while low < high {
        let middle = (low + high) / 2
        if condition(edges[middle]) { low = middle + 1 } else { high = middle }
      }
      return low
    }
    let first = max(0, count { $0 <= lower } - 1)
    let end = min(edges.count - 1, count { $0 < upper })
    return first..<max(first, end)
  }
}
