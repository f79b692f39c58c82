/// A value beside draws of the same statistic under the null hypothesis.
public struct PermutationTest: Hashable, Sendable {
  public enum Tail: String, Hashable, Sendable {
    /// More than chance, less, or either.
    case greater, less, both
  }

  public let observed: Double
  public let drawCount: Int
  /// Mean and standard deviation (over n − 1) of the draws.
  public let nullMean, nullDeviation: Double
  /// `(1 + #{draws at least as extreme}) / (1 + n)`; what differs by rounding alone counts as equal. With both tails, extreme is far from
  /// `centre`. Never 0. Sources: Davison and Hinkley 1997, section 4.2; Phipson and Smyth 2010.
  public let p: Double

  /// - Parameter centre: the mean under the null hypothesis where that is known; else that of observed value and draws.
  /// - Returns: `nil` without draws, or where a value is not finite.
  public init?(observed: Double, draws: [Double], tail: Tail = .greater, centre: Double? = nil) {
    guard !draws.isEmpty, observed.isFinite, draws.allSatisfy(\.isFinite) else { return nil }
    self.observed = observed
    drawCount = draws.count
    let n = Double(draws.count), mean = draws.reduce(0, +) / n
    nullMean = mean
    nullDeviation = draws.count > 1 ? (draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / (n - 1)).squareRoot() : 0
    let slack = 1e-10 * draws.reduce(abs(observed)) { max($0, abs($1)) }
    let centre = centre ?? (draws.reduce(0, +) + observed) / (n + 1)
    let reached = draws.count { draw in
      switch tail {
      case .greater: draw >= observed - slack
      case .less: draw <= observed + slack
      case .both: abs(draw - centre) >= abs(observed - centre) - slack
      }
    }
    p = Double(1 + reached) / (1 + n)
  }
}

/// Holm's correction for several tests: sorted ascending, the p of place k of m becomes `max over j ≤ k of (m − j + 1)·p_j`, at most 1. An adjusted p of
/// at most α rejects, and the probability of any false rejection is at most α, however the tests depend on each other.
/// Source: Holm, Scandinavian Journal of Statistics 6:65, 1979.
public struct HolmCorrection: Hashable, Sendable {
  /// m: how many tests there were. Absent ones are not among them.
  public let testCount: Int
  /// In the order of the tests; `nil` where there was none.
  public let adjusted: [Double?]

  public init(_ values: [Double?]) {
    let tests = values.indices.filter { values[$0] != nil }.sorted { (values[$0] ?? 1, $0) < (values[$1] ?? 1, $1) }
    var adjusted = [Double?](repeating: nil, count: values.count)
    var highest = 0.0
    for (place, index) in tests.enumerated() {
      highest = max(highest, min(1, Double(tests.count - place) * (values[index] ?? 1)))
      adjusted[index] = highest
    }
    self.adjusted = adjusted
    testCount = tests.count
  }
}
