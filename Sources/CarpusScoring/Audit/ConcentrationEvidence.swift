/// How the positive evidence of a cohort's maps is spread, wherever it lies. Takes images one after the other.
public struct ConcentrationEvidence: Hashable, Sendable {
  private var spreads = RunningMean(), ginis = RunningMean(), paddings = RunningMean(), centres = RunningMean()
  /// Images without any positive evidence.
  public private(set) var emptyCount = 0

  public init() {}

  mutating func add(spread: Double?, gini: Double?, paddingMass: Double?, centreEnrichment: Double?) {
    if gini == nil { emptyCount += 1 }
    spreads.add(spread)
    ginis.add(gini)
    paddings.add(paddingMass)
    centres.add(centreEnrichment)
  }

  /// Means over the images that have positive evidence, as `MapConcentration` and `PaddingStatistics` define them.
  public var meanSpread: Double? { spreads.mean }
  public var meanGini: Double? { ginis.mean }
  public var meanPaddingMass: Double? { paddings.mean }
  /// Enrichment of the scored places in a map that knows only where the middle of the hands is: what position alone achieves.
  public var meanCentreEnrichment: Double? { centres.mean }
}
