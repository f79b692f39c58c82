/// The evidence of a map in one place, and that place's area.
public struct EvidenceSum: Hashable, Sendable {
  /// `Σ c·L⁺` and `Σ c·min(L, 0)`, in points.
  public var positive, negative: Double
  /// `Σ c`, in cells.
  public var area: Double

  public init(positive: Double = 0, negative: Double = 0, area: Double = 0) {
    self.positive = positive
    self.negative = negative
    self.area = area
  }

  init(_ coverage: CellCoverage, _ values: [Double]) {
    self.init(area: coverage.area)
    for (cell, share) in zip(coverage.cells, coverage.shares) {
      if values[cell] > 0 { positive += values[cell] * share } else { negative += values[cell] * share }
    }
  }

  static func + (a: EvidenceSum, b: EvidenceSum) -> EvidenceSum {
    EvidenceSum(positive: a.positive + b.positive, negative: a.negative + b.negative, area: a.area + b.area)
  }
}

/// What is compared with its null distribution.
public enum ChanceMeasure: String, CaseIterable, Hashable, Sendable {
  /// `(Σ c·L⁺ / Σ c_I·L⁺) / (Σ c / Σ c_I)`.
  case enrichment
  /// `Σ c·L⁺ / Σ c_I·L⁺`.
  case mass
  /// `Σ c·L / Σ c`, in points for each cell's area: signed.
  case mean
}

/// The evidence in a region beside that in places that chance could have chosen instead.
public struct NullDistribution: Hashable, Sendable {
  public let observed: EvidenceSum
  /// Draw by draw.
  public let draws: [EvidenceSum]
  /// Of the radiograph.
  public let whole: EvidenceSum

  public init(observed: EvidenceSum, draws: [EvidenceSum], whole: EvidenceSum) {
    self.observed = observed
    self.draws = draws
    self.whole = whole
  }

  /// Several regions as one: draw by draw the sums of their evidence and of their areas. Where regions overlap, a pixel counts as often as
  /// there are regions that hold it, where they are and in every draw.
  ///
  /// - Precondition: as many draws in each, of the same map.
  public init(joining parts: [NullDistribution]) {
    precondition(!parts.isEmpty && parts.allSatisfy { $0.draws.count == parts[0].draws.count })
    observed = parts.reduce(EvidenceSum()) { $0 + $1.observed }
    draws = parts[0].draws.indices.map { draw in parts.reduce(EvidenceSum()) { $0 + $1.draws[draw] } }
    whole = parts[0].whole
  }

  /// The measure where the region is, and in each draw.
  public func values(_ measure: ChanceMeasure) throws(FocusAbsence) -> (observed: Double, draws: [Double]) {
    if measure != .mean, whole.positive <= 0 { throw .noPositiveEvidence }
    guard observed.area > 0, draws.allSatisfy({ $0.area > 0 }) else { throw .regionUnseen }
    return (value(measure, observed), draws.map { value(measure, $0) })
  }

  private func value(_ measure: ChanceMeasure, _ sum: EvidenceSum) -> Double {
    switch measure {
    case .enrichment: sum.positive / whole.positive / (sum.area / whole.area)
    case .mass: sum.positive / whole.positive
    case .mean: (sum.positive + sum.negative) / sum.area
    }
  }
}
