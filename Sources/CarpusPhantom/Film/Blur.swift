import CarpusImaging

/// Blurs of which a pixel depends on a bounded neighbourhood only, to the last bit: what is far away never matters.
enum Blur {
  /// A separable Gaussian of `deviation` pixels, cut at three deviations; the edge's pixels go on outwards.
  static func gaussian(_ values: [Float], size: PixelSize, deviation: Double) -> [Float] {
    let weights = gaussianWeights(deviation)
    guard weights.count > 1 else { return values }
    let width = size.width, height = size.height, reach = weights.count - 1
    var across = [Float](repeating: 0, count: values.count)
    var row = [Float](repeating: 0, count: width + 2 * reach)
    for y in 0..<height {
      let origin = y * width
      for x in 0..<row.count { row[x] = values[origin + min(max(x - reach, 0), width - 1)] }
      for x in 0..<width {
        var sum = weights[0] * row[x + reach]
        for k in 1...reach { sum += weights[k] * (row[x + reach - k] + row[x + reach + k]) }
        across[origin + x] = sum
      }
    }
    var result = [Float](repeating: 0, count: values.count)
    for y in 0..<height {
      let origin = y * width
      for x in 0..<width { result[origin + x] = weights[0] * across[origin + x] }
      for k in 1...reach {
        let above = max(y - k, 0) * width, below = min(y + k, height - 1) * width
        let weight = weights[k]
        for x in 0..<width { result[origin + x] += weight * (across[above + x] + across[below + x]) }
      }
    }
    return result
  }

  /// The weights of a Gaussian from its middle outwards; with their mirror image they add up to 1.
  static func gaussianWeights(_ deviation: Double) -> [Float] {
    guard deviation > 0.15 else { return [1] }
    let reach = Int((3 * deviation).rounded(.up))
    var weights = (0...reach).map { Elementary.exponential(Float(-0.5 * Double($0 * $0) / (deviation * deviation))) }
    let sum = 2 * weights.dropFirst().reduce(0, +) + weights[0]
    for k in weights.indices { weights[k] /= sum }
    return weights
  }

  /// Three moving means of `2·reach + 1` cells in each direction: close to a Gaussian of deviation `√((2·reach + 1)² − 1)/2`. The edge's
  /// cells go on outwards. In whole numbers, rounded down, which leave nothing behind them as they move on.
  ///
  /// - Precondition: values in 0…2¹⁶.
  static func boxes(_ values: [Int], size: PixelSize, reach: Int) -> [Int] {
    var values = values
    for _ in 0..<3 {
      values = box(values, lines: size.height, length: size.width, reach: reach, stride: 1, next: size.width)
      values = box(values, lines: size.width, length: size.height, reach: reach, stride: size.width, next: 1)
    }
    return values
  }

  private static func box(_ values: [Int], lines: Int, length: Int, reach: Int, stride: Int, next: Int) -> [Int] {
    var result = values
    let count = 2 * reach + 1
    guard reach > 0, length > 0 else { return values }
    for line in 0..<lines {
      let origin = line * next
      func value(_ k: Int) -> Int { values[origin + min(max(k, 0), length - 1) * stride] }
      var sum = (-reach...reach).reduce(0) { $0 + value($1) }
      for k in 0..<length {
        result[origin + k * stride] = sum / count
        sum += value(k + 1 + reach) - value(k - reach)
      }
    }
    return result
  }
}
