import CarpusImaging

extension Mask {
  /// The pixels no farther than `radius` from a pixel of the mask, centre to centre: a margin around a region that is to be covered with its rim.
  ///
  /// - Parameter radius: in pixels; nothing changes below 1, or when it is not a number.
  public func dilated(by radius: Double) -> Mask {
    guard radius >= 1, count > 0 else { return self }
    let radius = min(radius, Double(max(size.width, size.height)))
    let reach = Int(radius)
    let halves = (0...reach).map { Int((radius * radius - Double($0 * $0)).squareRoot()) }
    var builder = MaskBuilder(size: size)
    for row in max(0, rows.lowerBound - reach)..<min(size.height, rows.upperBound + reach) {
      var widened: [Range<Int>] = []
      for other in max(rows.lowerBound, row - reach)..<min(rows.upperBound, row + reach + 1) {
        let half = halves[abs(other - row)]
        for run in columns(inRow: other) { widened.append(max(0, run.lowerBound - half)..<run.upperBound + half) }
      }
      widened.sort { $0.lowerBound < $1.lowerBound }
      for run in widened { builder.append(row: row, columns: run) }
    }
    return builder.mask
  }

  /// All pixels, row by row, from left to right.
  var pixels: [(x: Int, y: Int)] {
    var pixels: [(x: Int, y: Int)] = []
    pixels.reserveCapacity(count)
    for row in rows {
      for run in columns(inRow: row) {
        for column in run { pixels.append((column, row)) }
      }
    }
    return pixels
  }
}
