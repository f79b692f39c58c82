/// Which stored grey values become 0 and 1.
public enum GreyRange: Sendable, Hashable, CustomStringConvertible {
  /// 0 and the largest value that the bit depth allows.
  case fullRange
  /// Two percentiles (0…100) of the pixels; what lies outside is clipped.
  case percentile(Double, Double)

  public var description: String {
    switch self {
    case .fullRange: "full-range"
    case .percentile(let low, let high): "percentile(\(low), \(high))"
    }
  }

  /// The two grey values for this radiograph.
  func bounds(in radiograph: Radiograph) throws(PreprocessingError) -> (low: Double, high: Double) {
    guard case .percentile(let lower, let upper) = self else { return (0, Double(radiograph.maximumValue)) }
    let counts = histogram(of: radiograph)
    let (low, high) = (percentile(lower, of: counts), percentile(upper, of: counts))
    guard low < high else { throw .noContrast(grey: low, lower: lower, upper: upper) }
    return (low, high)
  }

  private func histogram(of radiograph: Radiograph) -> [Int] {
    var counts = [Int](repeating: 0, count: radiograph.maximumValue + 1)
    for value in radiograph.samples { counts[Int(value)] += 1 }
    return counts
  }

  /// Interpolated between the two sorted pixels around position `percent / 100 · (n − 1)`, as NumPy's default.
  private func percentile(_ percent: Double, of counts: [Int]) -> Double {
    let count = counts.reduce(0, +)
    let position = percent / 100 * Double(count - 1)
    let below = min(Int(position), count - 1)
    let low = value(ofRank: below, in: counts)
    let high = value(ofRank: min(below + 1, count - 1), in: counts)
    return Double(low) + (position - Double(below)) * Double(high - low)
  }

  private func value(ofRank rank: Int, in counts: [Int]) -> Int {
    var seen = 0
    for (value, count) in counts.enumerated() {
      seen += count
      if seen > rank { return value }
    }
    return counts.count - 1
  }
}
