import CarpusImaging

/// Where else in the hand a region could lie: shifts by whole pixels, each with one of the four mirrorings of its bounding box (none, left
/// for right, top for bottom, both), such that no more of the region lies outside the hand than now. All such places are equally likely.
///
/// The place where the region is counts as one of them, so that it is one draw among equals under the null hypothesis.
package struct MaskMoves {
  /// The upper left corner of the moved bounding box, and its mirroring.
  package struct Placement: Hashable {
    package var x, y: Int
    package var isFlippedX, isFlippedY: Bool
  }

  /// In place of each draw, so many are tried at most: with less room than one place in a hundred there is nothing to compare with.
  private static let trialsPerDraw = 100

  /// The runs in the coordinates of the bounding box.
  private let runs: [(row: Int, start: Int, end: Int)]
  private let width, height: Int
  /// Pixels outside the hand that a place may have.
  private let allowance: Int
  private let origin: Placement
  private let ground: Ground
  /// Pixels of the region that a place needs to have in the hand.
  private let needed: Int

  /// - Precondition: the mask is not empty; both lie on the same grid.
  package init(of mask: Mask, within ground: Ground) {
    precondition(mask.size == ground.mask.size && !mask.isEmpty)
    let columns = mask.columnBounds
    var runs: [(row: Int, start: Int, end: Int)] = []
    for row in mask.rows {
      for run in mask.columns(inRow: row) {
        runs.append((row - mask.rows.lowerBound, run.lowerBound - columns.lowerBound, run.upperBound - columns.lowerBound))
      }
    }
    self.runs = runs
    (width, height) = (columns.count, mask.rows.count)
    self.ground = ground
    origin = Placement(x: columns.lowerBound, y: mask.rows.lowerBound, isFlippedX: false, isFlippedY: false)
    needed = mask.intersectionCount(ground.mask)
    allowance = mask.count - needed
  }

  /// - Returns: fewer than `count` where there is too little room.
  package func placements(_ count: Int, using random: inout some RandomNumberGenerator) -> [Placement] {
    guard count > 0, !ground.mask.isEmpty else { return [] }
    let xs = corners(origin.x, width, in: ground.mask.columnBounds, of: ground.mask.size.width)
    let ys = corners(origin.y, height, in: ground.mask.rows, of: ground.mask.size.height)
    var placements: [Placement] = []
    placements.reserveCapacity(count)
    for _ in 0..<count * Self.trialsPerDraw where placements.count < count {
      let bits = random.next()
      let placement = Placement(
        x: Self.whole(xs, random.next()), y: Self.whole(ys, random.next()), isFlippedX: bits >> 62 & 1 == 1, isFlippedY: bits >> 63 == 1)
      if isAllowed(placement) { placements.append(placement) }
    }
    return placements
  }

  /// Where the bounding box may begin along an axis: it leaves the hand's bounds by no more than may lie outside anyway, or than it does
  /// now, and the radiograph not at all.
  private func corners(_ now: Int, _ extent: Int, in bounds: Range<Int>, of size: Int) -> ClosedRange<Int> {
    let slack = min(extent, allowance)
    return min(now, max(0, bounds.lowerBound - slack))...max(now, min(size, bounds.upperBound + slack) - extent)
  }

  private static func whole(_ range: ClosedRange<Int>, _ bits: UInt64) -> Int {
    range.lowerBound + Int(bits.multipliedFullWidth(by: UInt64(range.count)).high)
  }

  private func isAllowed(_ placement: Placement) -> Bool {
    if placement == origin { return true }
    let available = ground.count(minX: placement.x, minY: placement.y, width: width, height: height)
    if available == width * height { return true }
    if available < needed { return false }
    var outside = 0
    for run in runs {
      let row = placement.y + (placement.isFlippedY ? height - 1 - run.row : run.row)
      let start = placement.x + (placement.isFlippedX ? width - run.end : run.start)
      outside += ground.mask.pixelsOutside(row: row, from: start, to: start + run.end - run.start)
      if outside > allowance { return false }
    }
    return true
  }
}

extension MaskMoves {
  /// The hand, with its sums.
  package struct Ground {
    let mask: Mask
    private let sums: MaskSums
    private let columns: Range<Int>

    package init(_ mask: Mask) {
      self.mask = mask
      sums = MaskSums(mask)
      columns = mask.columnBounds
    }

    /// Pixels of the hand in a rectangle.
    func count(minX: Int, minY: Int, width: Int, height: Int) -> Int {
      let x = minX - columns.lowerBound, y = minY - mask.rows.lowerBound
      return sums.count(
        max(0, min(x, sums.width)), max(0, min(x + width, sums.width)), max(0, min(y, sums.height)), max(0, min(y + height, sums.height)))
    }
  }
}

extension Mask {
  /// The columns from the first to the last that hold a pixel; empty for an empty mask.
  package var columnBounds: Range<Int> {
    guard let first = runs.map(\.start).min(), let last = runs.map(\.end).max() else { return 0..<0 }
    return Int(first)..<Int(last)
  }

  /// How many of the columns `start ..< end` of a row are not in the mask.
  func pixelsOutside(row: Int, from start: Int, to end: Int) -> Int {
    var outside = end - start
    guard rows.contains(row) else { return outside }
    for index in offsets[row - firstRow]..<offsets[row - firstRow + 1] {
      let run = runs[index]
      if Int(run.start) >= end { break }
      outside -= max(0, min(end, Int(run.end)) - max(start, Int(run.start)))
    }
    return outside
  }

  /// The mask in a mirror: column x becomes `twice − 1 − x`, so that `twice / 2` is the mirror. What leaves the grid is cut off.
  public func mirrored(about twice: Int) -> Mask {
    var builder = MaskBuilder(size: size)
    for row in rows {
      for run in columns(inRow: row).reversed() { builder.append(row: row, columns: twice - run.upperBound..<twice - run.lowerBound) }
    }
    return builder.mask
  }
}
