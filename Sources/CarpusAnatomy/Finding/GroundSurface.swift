import CarpusImaging

/// The ground behind the hand: a polynomial of degree 2 in the place, by least squares.
enum GroundSurface {
  private static let termCount = 6

  /// The cells that rise above the ground; `nil` where there is no ground or nothing above it.
  static func above(_ grid: FindingGrid, isInside: [Bool]) -> [Bool]? {
    let values = grid.values
    let inside = values.indices.filter { isInside[$0] }
    guard inside.count > 100, let threshold = otsu(inside.map { values[$0] }) else { return nil }
    let isBright = values.indices.map { isInside[$0] && values[$0] > threshold }
    let bright = values.indices.filter { isBright[$0] }
    let near = Morphology.dilated(isBright, grid.size, times: 9)
    var ground = inside.filter { !near[$0] }
    var above: [Bool]?
    for _ in 0..<4 {
      guard ground.count > 50, !bright.isEmpty, let surface = fit(ground, grid) else { break }
      let rest = values.indices.map { Double(values[$0]) - surface($0) }
      let middle = median(ground.map { rest[$0] })
      let deviation = 1.4826 * median(ground.map { abs(rest[$0] - middle) })
      let limit = max(3.5 * deviation, 0.15 * median(bright.map { rest[$0] }))
      guard limit > 0 else { break }
      let found = rest.indices.map { isInside[$0] && rest[$0] > limit }
      let halo = Morphology.dilated(rest.map { $0 > limit }, grid.size, times: 2)
      ground = inside.filter { !halo[$0] }
      above = found
    }
    return above
  }

  /// The threshold that parts 256 bins between 0 and 1 into the two classes with the largest variance between them.
  private static func otsu(_ values: [Float]) -> Float? {
    var histogram = [Double](repeating: 0, count: 256)
    for value in values { histogram[min(255, Int(value * 256))] += 1 }
    let total = Double(values.count)
    let sum = histogram.indices.reduce(0) { $0 + histogram[$1] * (Double($1) + 0.5) }
    var (weight, part, best, place) = (0.0, 0.0, 0.0, -1)
    for bin in 0..<255 {
      weight += histogram[bin]
      part += histogram[bin] * (Double(bin) + 0.5)
      guard weight > 0, weight < total else { continue }
      let between = (part * total - sum * weight) * (part * total - sum * weight) / (weight * (total - weight))
      if between > best { (best, place) = (between, bin) }
    }
    return place < 0 ? nil : Float(place + 1) / 256
  }

  private static func median(_ values: [Double]) -> Double { values.isEmpty ? 0 : values.sorted()[values.count / 2] }

  private static func terms(_ cell: Int, _ grid: FindingGrid) -> [Double] {
    let x = (Double(cell % grid.size.width) + 0.5) / Double(grid.size.width) * 2 - 1
    let y = (Double(cell / grid.size.width) + 0.5) / Double(grid.size.height) * 2 - 1
    return [1, x, y, x * x, x * y, y * y]
  }

  /// Normal equations, Gaussian elimination with pivots; `nil` where the places do not determine the polynomial.
  private static func fit(_ cells: [Int], _ grid: FindingGrid) -> ((Int) -> Double)? {
    var matrix = [[Double]](repeating: [Double](repeating: 0, count: termCount + 1), count: termCount)
    for cell in cells {
      let row = terms(cell, grid) + [Double(grid.values[cell])]
      for i in 0..<termCount { for j in i...termCount { matrix[i][j] += row[i] * row[j] } }
    }
    for i in 1..<termCount { for j in 0..<i { matrix[i][j] = matrix[j][i] } }
    for column in 0..<termCount {
      guard let pivot = (column..<termCount).max(by: { abs(matrix[$0][column]) < abs(matrix[$1][column]) }), abs(matrix[pivot][column]) > 1e-9
      else { return nil }
      matrix.swapAt(column, pivot)
      for row in 0..<termCount where row != column {
        let factor = matrix[row][column] / matrix[column][column]
        for j in column...termCount { matrix[row][j] -= factor * matrix[column][j] }
      }
    }
    let factors = (0..<termCount).map { matrix[$0][termCount] / matrix[$0][$0] }
    return { cell in zip(factors, terms(cell, grid)).reduce(0) { $0 + $1.0 * $1.1 } }
  }
}
