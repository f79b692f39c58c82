/// How the scores of an ensemble's members become one: `intercept + Σ wᵢ · sᵢ`.
public enum Combination: Hashable, Sendable {
  /// `wᵢ = 1 ÷ n`.
  case mean
  /// The member in the middle has all the weight; of an even number the two in the middle half each.
  case median
  /// Weights that are not negative, divided by their sum.
  case weighted([Double])
  /// A linear model on top of the members: weights as they are, and an intercept.
  case stacked([Double], intercept: Double)

  /// The weights of these scores; they depend on them only for the median.
  public func weights(for scores: [Double]) -> [Double] {
    let (shares, sum) = shares(for: scores)
    return shares.map { $0 / sum }
  }

  /// Weights before they are divided by `sum`.
  private func shares(for scores: [Double]) -> (shares: [Double], sum: Double) {
    switch self {
    case .mean: return (scores.map { _ in 1 }, Double(scores.count))
    case .weighted(let weights): return (weights, weights.reduce(0, +))
    case .stacked(let weights, _): return (weights, 1)
    case .median:
      // Of equal scores the one that comes first in the file.
      let order = scores.indices.sorted { (scores[$0], $0) < (scores[$1], $1) }
      var shares = [Double](repeating: 0, count: scores.count)
      for place in [(order.count - 1) / 2, order.count / 2] where order.indices.contains(place) { shares[order[place]] += 0.5 }
      return (shares, 1)
    }
  }

  public var intercept: Double { if case .stacked(_, let intercept) = self { intercept } else { 0 } }

  /// The score of the ensemble.
  public func score(of scores: [Double]) -> Double {
    let (shares, sum) = shares(for: scores)
    return intercept + zip(shares, scores).reduce(0) { $0 + $1.0 * $1.1 } / sum
  }

  /// `mean`, `median`, `weighted` or `stacked`.
  public var name: String {
    switch self {
    case .mean: "mean"
    case .median: "median"
    case .weighted: "weighted"
    case .stacked: "stacked"
    }
  }
}

/// How far the members' scores lie apart.
public struct Spread: Hashable, Sendable {
  /// `√(Σ (sᵢ − s̄)² ÷ (n − 1))`; 0 for one member.
  public let standardDeviation: Double
  public let minimum, maximum: Double

  /// - Precondition: at least one score.
  public init(of scores: [Double]) {
    precondition(!scores.isEmpty)
    let mean = scores.reduce(0, +) / Double(scores.count)
    let squares = scores.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    standardDeviation = scores.count > 1 ? (squares / Double(scores.count - 1)).squareRoot() : 0
    minimum = scores.min() ?? 0
    maximum = scores.max() ?? 0
  }
}
