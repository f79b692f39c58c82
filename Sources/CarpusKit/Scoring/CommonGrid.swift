import CarpusExplanation
import CarpusImaging

/// A grid that the maps of several networks are brought to, so that they can be added.
///
/// Where all networks see the same part of the radiograph, its cells divide each of theirs evenly, which changes no number that is measured on
/// regions. Otherwise it covers all that any of them sees, with cells no larger than the smallest of theirs.
struct CommonGrid {
  let height, width: Int
  /// What the grid covers, in pixels of the radiograph.
  let frame: PixelRectangle
  /// Whether its cells divide those of all maps.
  let isExact: Bool

  private static let longestSide = 512

  /// - Parameter maps: each with what it covers, in pixels of the radiograph.
  /// - Precondition: at least one map, none without cells.
  init(of maps: [(map: AttributionMap, frame: PixelRectangle)]) {
    let first = maps[0].frame
    let tolerance = 1e-9 * max(abs(first.minX), abs(first.minY), abs(first.maxX), abs(first.maxY))
    let areSame = maps.allSatisfy { entry in
      [(entry.frame.minX, first.minX), (entry.frame.minY, first.minY), (entry.frame.maxX, first.maxX), (entry.frame.maxY, first.maxY)]
        .allSatisfy { abs($0 - $1) <= tolerance }
    }
    let heights = Self.commonMultiple(maps.map(\.map.height)), widths = Self.commonMultiple(maps.map(\.map.width))
    if areSame, let heights, let widths {
      (frame, height, width, isExact) = (first, heights, widths, true)
      return
    }
    let frame = maps.reduce(first) { frame, entry in
      PixelRectangle(
        minX: min(frame.minX, entry.frame.minX), minY: min(frame.minY, entry.frame.minY), maxX: max(frame.maxX, entry.frame.maxX),
        maxY: max(frame.maxY, entry.frame.maxY))
    }
    func cells(_ length: Double, _ smallest: Double?) -> Int {
      let count = (length / (smallest ?? length) - 1e-9).rounded(.up)
      return count.isFinite ? Int(min(max(count, 1), Double(Self.longestSide))) : Self.longestSide
    }
    height = cells(frame.maxY - frame.minY, maps.map { ($0.frame.maxY - $0.frame.minY) / Double($0.map.height) }.min())
    width = cells(frame.maxX - frame.minX, maps.map { ($0.frame.maxX - $0.frame.minX) / Double($0.map.width) }.min())
    self.frame = frame
    isExact = false
  }

  /// The weighted sum of members' maps, `Σ wᵢ · mapᵢ`, and the grid that it is on. A member without weight is not on the map, nor does the grid heed it.
  ///
  /// - Parameter maps: each with what it covers, in pixels of the radiograph.
  /// - Precondition: at least one map, as many weights.
  static func sum(of maps: [(map: AttributionMap, frame: PixelRectangle)], weights: [Double]) -> (map: AttributionMap, grid: CommonGrid) {
    let heard = zip(maps, weights).filter { $0.1 != 0 }
    let grid = CommonGrid(of: heard.isEmpty ? maps : heard.map(\.0))
    var values = [Double](repeating: 0, count: grid.height * grid.width)
    for (entry, weight) in heard {
      for (index, value) in grid.values(of: entry.map, over: entry.frame).enumerated() { values[index] += weight * value }
    }
    let layers = maps.map(\.map.layer)
    let layer = Set(layers).count == 1 ? layers[0] : layers.joined(separator: ", ")
    return (AttributionMap(method: maps[0].map.method, layer: layer, height: grid.height, width: grid.width, values: values), grid)
  }

  /// One pixel for each cell.
  var size: PixelSize { PixelSize(width: width, height: height) }

  /// From the radiograph to this grid.
  var transform: PixelTransform {
    let scaleX = Double(width) / (frame.maxX - frame.minX), scaleY = Double(height) / (frame.maxY - frame.minY)
    return PixelTransform(scaleX: scaleX, scaleY: scaleY, offsetX: -frame.minX * scaleX, offsetY: -frame.minY * scaleY)
  }

  /// The smallest number that all divide; `nil` where it is too large for a grid.
  private static func commonMultiple(_ numbers: [Int]) -> Int? {
    var multiple = 1
    for number in numbers {
      var (a, b) = (multiple, number)
      while b != 0 { (a, b) = (b, a % b) }
      multiple = multiple / a * number
      guard multiple <= longestSide else { return nil }
    }
    return multiple
  }

  /// The map on this grid: each cell's value is shared out in proportion to area, `v′ᵢⱼ = Σ vₖₗ · |cell ij ∩ cell kl| ÷ |cell kl|`, so that the sum
  /// stays what it is.
  ///
  /// - Returns: height × width values, row by row.
  func values(of map: AttributionMap, over frame: PixelRectangle) -> [Double] {
    let rows = Self.shares(of: map.height, from: frame.minY, to: frame.maxY, among: height, from: self.frame.minY, to: self.frame.maxY)
    let columns = Self.shares(of: map.width, from: frame.minX, to: frame.maxX, among: width, from: self.frame.minX, to: self.frame.maxX)
    var values = [Double](repeating: 0, count: height * width)
    for (k, rowShares) in rows.enumerated() {
      for (l, columnShares) in columns.enumerated() {
        let value = map[k, l]
        guard value != 0 else { continue }
        for (i, row) in rowShares {
          for (j, column) in columnShares { values[i * width + j] += value * (row * column) }
        }
      }
    }
    return values
  }

  /// For each of `count` equal parts of a line the cells of another line that it touches, each with its share of the part.
  private static func shares(
    of count: Int, from low: Double, to high: Double, among cells: Int, from start: Double, to end: Double
  ) -> [[(index: Int, share: Double)]] {
    let part = (high - low) / Double(count), cell = (end - start) / Double(cells)
    return (0..<count).map { k in
      let (a, b) = (low + Double(k) * part, low + Double(k + 1) * part)
      let first = min(max(Int((a - start) / cell), 0), cells - 1), last = min(max(Int((b - start) / cell), first), cells - 1)
      let overlaps = (first...last).map { i in
        (i, max(0, min(b, start + Double(i + 1) * cell) - max(a, start + Double(i) * cell)))
      }
      // Slivers that rounding leaves are no shares; and all shares together are 1.
      let kept = overlaps.filter { $0.1 > 1e-9 * part }
      let sum = kept.reduce(0) { $0 + $1.1 }
      return sum > 0 ? kept.map { ($0.0, $0.1 / sum) } : [(first, 1)]
    }
  }
}
