import Foundation

/// The beta distribution, for exact binomial intervals.
///
/// Sources: Abramowitz and Stegun 1964, 6.1.41 (Stirling's series) and 26.5.8 (continued fraction).
package enum BetaDistribution {
  /// `ln Γ(x)` for x > 0: Stirling's series at x + n ≥ 16, carried back by `Γ(x + 1) = x·Γ(x)`.
  package static func logGamma(_ x: Double) -> Double {
    var x = x, product = 1.0
    while x < 16 {
      product *= x
      x += 1
    }
    let inverse = 1 / x, square = inverse * inverse
    var series = 0.0
    for coefficient in stirling { series = series * square + coefficient }
    let main: Double = (x - 0.5) * log(x) - x
    return main + 0.5 * log(2 * Double.pi) + series * inverse - log(product)
  }

  /// `B_2k / (2k(2k − 1))` for k = 7 … 1.
  private static let stirling: [Double] = [1.0 / 156, -691.0 / 360_360, 1.0 / 1188, -1.0 / 1680, 1.0 / 1260, -1.0 / 360, 1.0 / 12]

  /// The regularised incomplete beta function `I_x(a, b)`, the probability of at most x. a and b are positive, x in 0…1.
  package static func cumulative(_ x: Double, _ a: Double, _ b: Double) -> Double {
    if x <= 0 { return 0 }
    if x >= 1 { return 1 }
    // The fraction converges fast below the mean; above it, the other tail.
    if x > (a + 1) / (a + b + 2) { return 1 - cumulative(1 - x, b, a) }
    let logBeta: Double = logGamma(a) + logGamma(b) - logGamma(a + b)
    return exp(a * log(x) + b * log1p(-x) - logBeta) / (a * fraction(x, a, b))
  }

  /// `1 + d₁/(1 + d₂/(1 + …))` by the modified method of Lentz.
  private static func fraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let tiny = 1e-300
    var value = 1.0, c = 1.0, d = 0.0
    for step in 1...10_000 {
      let m = Double(step / 2)
      let even: Double = m * (b - m) / ((a + 2 * m - 1) * (a + 2 * m))
      let odd: Double = -(a + m) * (a + b + m) / ((a + 2 * m) * (a + 2 * m + 1))
      let term = (step % 2 == 0 ? even : odd) * x
      d = 1 + term * d
      c = 1 + term / c
      d = 1 / (d == 0 ? tiny : d)
      c = c == 0 ? tiny : c
      value *= c * d
      if abs(c * d - 1) < 1e-16 { break }
    }
    return value
  }

  /// The x with `I_x(a, b) = probability`, by halving.
  package static func quantile(_ probability: Double, _ a: Double, _ b: Double) -> Double {
    var low = 0.0, high = 1.0
    while true {
      let middle = (low + high) / 2
      if middle <= low || middle >= high { return middle }
      if cumulative(middle, a, b) < probability { low = middle } else { high = middle }
      if high - low <= 1e-15 * high { return (low + high) / 2 }
    }
  }
}

/// The standard normal distribution.
package enum NormalDistribution {
  /// `Φ(z)`.
  package static func cumulative(_ z: Double) -> Double { erfc(-z / 2.0.squareRoot()) / 2 }

  /// The z with `Φ(z) = probability`, in 0…1 without the ends, by halving.
  package static func quantile(_ probability: Double) -> Double {
    // The upper half by symmetry: Φ is finely spaced only towards 0.
    if probability > 0.5 { return -quantile(1 - probability) }
    var low = -40.0, high = 0.0
    while high - low > 1e-15 * max(1e-3, -high) {
      let middle = (low + high) / 2
      if middle <= low || middle >= high { break }
      if cumulative(middle) < probability { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
