public import CarpusImaging

/// A set of pixels on the grid of a radiograph.
///
/// Stored as runs of neighbouring pixels, row by row: the runs of a row are sorted and neither overlap nor touch,
/// so that two masks are equal exactly when they hold the same pixels. A joint on a radiograph of 2500×3000
/// pixels takes a few kilobytes.
///
/// **Pixel rule.** A shape in continuous coordinates holds the pixels whose *centre* (i + ½, j + ½) lies in it.
/// Left and upper edges belong to a shape, right and lower edges do not: shapes that share an edge share no pixel
/// and leave none out. What lies outside the grid is cut off.
public struct Mask: Hashable, Sendable {
  /// The grid.
  public let size: PixelSize
  /// Number of pixels.
  public let count: Int
  /// The row of the first runs; row `firstRow + k` has the runs `offsets[k] ..< offsets[k + 1]`.
  let firstRow: Int
  let offsets: [Int]
  let runs: [Run]

  /// Columns `start ..< end` of one row.
  struct Run: Hashable, Sendable {
    var start, end: Int32

    var columns: Range<Int> { Int(start)..<Int(end) }
  }

  init(size: PixelSize, count: Int, firstRow: Int, offsets: [Int], runs: [Run]) {
    self.size = size
    self.count = count
    self.firstRow = firstRow
    self.offsets = offsets
    self.runs = runs
  }

  /// No pixel.
  public init(emptyOf size: PixelSize) { self = MaskBuilder(size: size).mask }

  /// Every pixel.
  public init(allOf size: PixelSize) {
    var builder = MaskBuilder(size: size)
    for row in 0..<size.height { builder.append(row: row, columns: 0..<size.width) }
    self = builder.mask
  }

  public var isEmpty: Bool { count == 0 }

  /// The rows from the first to the last that hold a pixel.
  public var rows: Range<Int> { firstRow..<firstRow + offsets.count - 1 }

  /// The columns of the mask in one row: sorted, disjoint ranges.
  public func columns(inRow row: Int) -> some RandomAccessCollection<Range<Int>> {
    let indices = rows.contains(row) ? offsets[row - firstRow]..<offsets[row - firstRow + 1] : 0..<0
    return runs[indices].lazy.map(\.columns)
  }

  public func contains(x: Int, y: Int) -> Bool { columns(inRow: y).contains { $0.contains(x) } }

  /// The smallest rectangle that holds every pixel square; `nil` for an empty mask.
  public var bounds: PixelRectangle? {
    guard let first = runs.map(\.start).min(), let last = runs.map(\.end).max() else { return nil }
    return PixelRectangle(minX: Double(first), minY: Double(rows.lowerBound), maxX: Double(last), maxY: Double(rows.upperBound))
  }
}

/// Puts a mask together from runs that come row by row, each row from left to right.
struct MaskBuilder {
  private let size: PixelSize
  private var count = 0
  private var firstRow = 0
  private var offsets: [Int] = []
  private var runs: [Mask.Run] = []

  /// - Precondition: neither side is negative or beyond 2^31 − 1.
  init(size: PixelSize) {
    precondition(size.width >= 0 && size.height >= 0 && size.width <= Int(Int32.max) && size.height <= Int(Int32.max))
    self.size = size
  }

  /// Adds a run; what lies outside the grid is cut off. Runs that overlap or touch become one.
  ///
  /// - Precondition: no earlier row than before, and within a row no earlier start.
  mutating func append(row: Int, columns: Range<Int>) {
    let columns = columns.clamped(to: 0..<size.width)
    guard row >= 0, row < size.height, !columns.isEmpty else { return }
    if offsets.isEmpty { firstRow = row }
    precondition(row >= firstRow + offsets.count - 1)
    while firstRow + offsets.count <= row { offsets.append(runs.count) }
    if let last = runs.last, runs.count > offsets[offsets.count - 1], columns.lowerBound <= Int(last.end) {
      precondition(columns.lowerBound >= Int(last.start))
      guard columns.upperBound > Int(last.end) else { return }
      count += columns.upperBound - Int(last.end)
      runs[runs.count - 1].end = Int32(columns.upperBound)
    } else {
      count += columns.count
      runs.append(Mask.Run(start: Int32(columns.lowerBound), end: Int32(columns.upperBound)))
    }
  }

  var mask: Mask { Mask(size: size, count: count, firstRow: firstRow, offsets: offsets + [runs.count], runs: runs) }
}
