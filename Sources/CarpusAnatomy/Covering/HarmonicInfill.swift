import CarpusImaging

extension Mask {
  /// For every pixel of the mask a value that is the mean of its neighbours' (two to four, as many as lie on the grid): what is around the mask continued into
  /// it as smoothly as can be. No value leaves the range of those around.
  ///
  /// The linear system is solved to 10⁻⁵ of that range, or as told. Nothing is drawn.
  ///
  /// Source: the imputation of ROAD (Rong et al., A consistent and efficient evaluation strategy for attribution methods, ICML 2022), with the four nearest
  /// neighbours alike.
  ///
  /// - Parameters:
  ///   - strangers: pixels whose values are not continued into the mask: no mean counts them. A part of the mask that touches nothing else gets the middle of
  ///     the range of those around the rest.
  ///   - tolerance: how far the solution may be off, in the values' unit, where that is more than 10⁻⁵ of their range.
  ///   - around: of the pixels beside the mask.
  /// - Returns: values row by row, from left to right; `nil` when there is nothing around the mask that could be continued.
  package func harmonicInfill(without strangers: Mask? = nil, tolerance: Float = 0, _ around: (_ x: Int, _ y: Int) -> Float) -> [Float]? {
    guard count > 0 else { return [] }
    guard count < size.count, let columns = columnRange else { return nil }
    let (left, top) = (columns.lowerBound, rows.lowerBound)
    // With a rim of one pixel all around: 0 is off the grid or a stranger, 1 around, 2 covered.
    let stride = columns.count + 2
    var kinds = [UInt8](repeating: 0, count: stride * (rows.count + 2))
    for row in max(0, top - 1)..<min(size.height, rows.upperBound + 1) {
      let start = (row - top + 1) * stride - left + 1
      for column in max(0, left - 1)..<min(size.width, columns.upperBound + 1) { kinds[start + column] = 1 }
      if let strangers {
        for run in strangers.columns(inRow: row) {
          for column in run.clamped(to: max(0, left - 1)..<min(size.width, columns.upperBound + 1)) { kinds[start + column] = 0 }
        }
      }
      guard rows.contains(row) else { continue }
      for run in self.columns(inRow: row) { for column in run { kinds[start + column] = 2 } }
    }
    let equations = GridLaplacian(width: columns.count, height: rows.count) { x, y in
      let here = (y + 1) * stride + x + 1
      guard kinds[here] == 2 else { return 0 }
      return Float((kinds[here - 1] > 0 ? 1 : 0) + (kinds[here + 1] > 0 ? 1 : 0) + (kinds[here - stride] > 0 ? 1 : 0) + (kinds[here + stride] > 0 ? 1 : 0))
    }

    var rim: [(index: Int, value: Float)] = []
    for row in rows {
      for run in self.columns(inRow: row) {
        for column in run {
          let here = (row - top + 1) * stride + column - left + 1
          for (offset, x, y) in [(-1, column - 1, row), (1, column + 1, row), (-stride, column, row - 1), (stride, column, row + 1)] where kinds[here + offset] == 1 {
            rim.append((equations.index(column - left, row - top), around(x, y)))
          }
        }
      }
    }
    guard !rim.isEmpty else { return nil }
    let low = rim.reduce(Float.infinity) { min($0, $1.value) }, high = rim.reduce(-Float.infinity) { max($0, $1.value) }
    // About the middle of the range, so that no digits are spent on what is the same everywhere.
    let middle = (low + high) / 2
    var rightSide = equations.zeros
    for (index, value) in rim { rightSide[index] += value - middle }
    let solution = equations.solution(rightSide, tolerance: max(tolerance, (high - low) * 1e-5))
    var values: [Float] = []
    values.reserveCapacity(count)
    for row in rows {
      for run in self.columns(inRow: row) {
        for column in run { values.append(min(max(solution[equations.index(column - left, row - top)] + middle, low), high)) }
      }
    }
    return values
  }

  /// The columns from the first to the last that hold a pixel.
  var columnRange: Range<Int>? { bounds.map { Int($0.minX)..<Int($0.maxX) } }
}
