/// Whether two ways to say how much each region or cell matters say the same.
public enum RankAgreement {
  /// Spearman's correlation, equal values with the mean of their ranks: of a map's points of regions with what the score loses when they are covered.
  ///
  /// - Precondition: equally many finite numbers.
  public static func spearman(_ first: [Double], _ second: [Double]) -> Result<Double, Undefined> {
    PointSample(reference: first, predicted: second).correlations([Int](repeating: 1, count: first.count))[1]
  }

  /// Pearson's correlation, in which much evidence counts for more than little.
  ///
  /// - Precondition: equally many finite numbers.
  public static func pearson(_ first: [Double], _ second: [Double]) -> Result<Double, Undefined> {
    PointSample(reference: first, predicted: second).correlations([Int](repeating: 1, count: first.count))[0]
  }
}
