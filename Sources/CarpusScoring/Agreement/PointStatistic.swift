/// A statistic of predictions y beside references x, both in points. n pairs, means x̄ and ȳ, d = y − x.
public enum PointStatistic: String, CaseIterable, Sendable {
  /// Pearson's correlation: Σ(x−x̄)(y−ȳ) / √(Σ(x−x̄)² Σ(y−ȳ)²). Blind to shift and scale. Source: Pearson 1895.
  case pcc
  /// Pearson's correlation of the ranks; equal values have the mean of their ranks. Source: Spearman 1904; Kendall, Rank Correlation Methods, 1948.
  case spearman
  /// √(Σd²/n), in points.
  case rmse
  /// Σ|d|/n, in points.
  case mae
  /// d̄ = Σd/n, in points: positive where the prediction is the higher one.
  case bias
  /// Of the least-squares line ŷ = intercept + slope·x: Σ(x−x̄)(y−ȳ) / Σ(x−x̄)².
  case slope
  /// ȳ − slope·x̄, in points.
  case intercept
  /// ICC(2,1), two raters, absolute agreement of single scores: (R − E) / (R + E + 2(C − E)/n), with the mean squares of images R,
  /// of raters C and of what is left E in the two-way analysis of variance.
  /// Source: Shrout and Fleiss, Psychological Bulletin 86:420, 1979; McGraw and Wong 1996 call it ICC(A,1).
  case icc
  /// Lin's concordance: 2Σ(x−x̄)(y−ȳ) / (Σ(x−x̄)² + Σ(y−ȳ)² + n(x̄−ȳ)²), so with variances over n. Source: Lin, Biometrics 45:255, 1989.
  case concordance
  /// d̄ − 1.96 s in points, s² = Σ(d−d̄)²/(n−1). Source: Bland and Altman, Lancet 1986;1:307.
  case lowerLimit
  /// d̄ + 1.96 s in points.
  case upperLimit

  /// - Parameter moments: of the ranks for `spearman`, else of the values.
  package func value(_ moments: Moments) throws(Undefined) -> Double {
    guard moments.count >= needed else { throw .tooFewImages(needed: needed) }
    let value = try formula(moments)
    // Differences so small that their squares are 0.
    guard value.isFinite else { throw .nothingVaries }
    return value
  }

  private func formula(_ moments: Moments) throws(Undefined) -> Double {
    let n = Double(moments.count)
    switch self {
    case .pcc, .spearman:
      guard moments.sxx > 0 else { throw .constantReference }
      guard moments.syy > 0 else { throw .constantPrediction }
      return max(-1, min(1, moments.sxy / (moments.sxx.squareRoot() * moments.syy.squareRoot())))
    case .rmse: return (moments.squaredError / n).squareRoot()
    case .mae: return moments.absoluteError / n
    case .bias: return moments.bias
    case .slope:
      guard moments.sxx > 0 else { throw .constantReference }
      return moments.sxy / moments.sxx
    case .intercept: return moments.meanY - (try PointStatistic.slope.formula(moments)) * moments.meanX
    case .icc:
      guard moments.sxx > 0 || moments.syy > 0 else { throw .nothingVaries }
      // With two raters: the sum (x+y)/√2 spans the images, the difference (y−x)/√2 what is left.
      let images = (moments.sxx + moments.syy + 2 * moments.sxy) / 2 / (n - 1), rest = moments.sdd / 2 / (n - 1)
      let raters = n * moments.bias * moments.bias / 2
      return (images - rest) / (images + rest + 2 * (raters - rest) / n)
    case .concordance:
      guard moments.sxx > 0 || moments.syy > 0 else { throw .nothingVaries }
      return 2 * moments.sxy / (moments.sxx + moments.syy + n * moments.bias * moments.bias)
    case .lowerLimit: return moments.bias - Self.limitFactor * (moments.sdd / (n - 1)).squareRoot()
    case .upperLimit: return moments.bias + Self.limitFactor * (moments.sdd / (n - 1)).squareRoot()
    }
  }

  /// Two points always lie on a line: correlations and lines need a third.
  private var needed: Int {
    switch self {
    case .rmse, .mae, .bias: 1
    case .lowerLimit, .upperLimit: 2
    case .pcc, .spearman, .slope, .intercept, .icc, .concordance: 3
    }
  }

  /// 95 % of normal differences lie within.
  static let limitFactor = 1.96
}

extension PointSample {
  /// Every statistic, in the order of `PointStatistic.allCases`.
  package func statistics(_ weights: [Int]) -> [Result<Double, Undefined>] {
    let moments = moments(weights), ranks = rankMoments(weights)
    return PointStatistic.allCases.map { statistic in
      Result { () throws(Undefined) in try statistic.value(statistic == .spearman ? ranks : moments) }
    }
  }
}
