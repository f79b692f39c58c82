public import CarpusImaging

extension Mask {
  /// The pixels that lie in at least one of the masks.
  ///
  /// - Precondition: all masks lie on the grid `size`.
  public static func union(of masks: [Mask], size: PixelSize) -> Mask {
    var runs: [(row: Int, run: Run)] = []
    runs.reserveCapacity(masks.reduce(0) { $0 + $1.runs.count })
    for mask in masks {
      precondition(mask.size == size, "a mask of \(mask.size) on a grid of \(size)")
      for row in mask.rows {
        for index in mask.offsets[row - mask.firstRow]..<mask.offsets[row - mask.firstRow + 1] {
          runs.append((row, mask.runs[index]))
        }
      }
    }
    runs.sort { ($0.row, $0.run.start) < ($1.row, $1.run.start) }
    var builder = MaskBuilder(size: size)
    for (row, run) in runs { builder.append(row: row, columns: run.columns) }
    return builder.mask
  }

  /// - Precondition: both masks lie on the same grid.
  public func union(_ other: Mask) -> Mask { Mask.union(of: [self, other], size: size) }

  /// Number of pixels that lie in both masks.
  ///
  /// - Precondition: both masks lie on the same grid.
  public func intersectionCount(_ other: Mask) -> Int {
    precondition(size == other.size, "a mask of \(other.size) on a grid of \(size)")
    var count = 0
    for row in rows.clamped(to: other.rows) {
      var mine = columns(inRow: row)[...]
      var theirs = other.columns(inRow: row)[...]
      while let a = mine.first, let b = theirs.first {
        count += a.clamped(to: b).count
        if a.upperBound < b.upperBound { mine.removeFirst() } else { theirs.removeFirst() }
      }
    }
    return count
  }

  /// Area, in pixels, of the overlap of a rectangle with the pixel squares of the mask:
  /// `Σ_(i,j) |[i, i+1] ∩ [minX, maxX]| · |[j, j+1] ∩ [minY, maxY]|`. Zero when a coordinate is not a number.
  public func coverage(of rectangle: PixelRectangle) -> Double {
    guard rectangle.minX < rectangle.maxX, rectangle.minY < rectangle.maxY else { return 0 }
    let first = pixelIndex(rectangle.minY.rounded(.down), in: rows)
    let last = pixelIndex(rectangle.maxY.rounded(.up), in: rows)
    var area = 0.0
    for row in first..<max(first, last) {
      var width = 0.0
      for run in columns(inRow: row) {
        width += max(0, min(Double(run.upperBound), rectangle.maxX) - max(Double(run.lowerBound), rectangle.minX))
      }
      area += width * (min(Double(row + 1), rectangle.maxY) - max(Double(row), rectangle.minY))
    }
    return area
  }
}

/// The whole number `value`, moved into `bounds` (both ends included) where it lies outside; the lower end for a NaN.
func pixelIndex(_ value: Double, in bounds: Range<Int>) -> Int {
  guard value > Double(bounds.lowerBound) else { return bounds.lowerBound }
  guard value < Double(bounds.upperBound) else { return bounds.upperBound }
  return Int(value)
}
