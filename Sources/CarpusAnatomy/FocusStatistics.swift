/// How much of an attribution map lies in one region.
///
/// Notation: `L` the raw, signed map in points of the score; `c_r(i, j)` the share of cell (i, j) that the region
/// covers, `c_I(i, j)` the share that the radiograph covers; `L⁺ = max(L, 0)`; sums run over all cells. Sums are
/// taken on the map's own grid, never on a resampled or normalised view.
///
/// Sources: mass and rank accuracy after Arras et al. 2022 (arXiv 2003.07258); size-corrected mass after Kohlbrenner
/// et al. 2020 (arXiv 1910.09840); pointing game after Zhang et al. 2018 (arXiv 1608.00507).
public struct FocusStatistics: Hashable, Sendable {
  /// `Σ c_r·L`, in points.
  public let points: Double
  /// `Σ c_r·max(L, 0)`, in points.
  public let pointsPositive: Double
  /// `Σ c_r·min(L, 0)`, in points; not positive.
  public let pointsNegative: Double
  /// `Σ c_r·L⁺ / Σ c_I·L⁺`, the share of the radiograph's positive evidence. Absent when there is no positive evidence.
  public let mass: Double?
  /// `Σ c_r / Σ c_I`, both weighted by the cells' equal areas: the mass that a uniform map would give. Equals
  /// `pixels` over the pixels of the radiograph where the network sees the whole radiograph.
  public let areaShare: Double
  /// `mass / areaShare`: 1 for a uniform map. Absent with `mass`, and where the network sees nothing of the region.
  public let enrichment: Double?
  /// Of the highest cells that together have the region's area, the share of area that lies in the region. Equal cells
  /// share a rank: each gives the same part of itself. A uniform map scores `areaShare`. Absent for an unseen region.
  public let rankAccuracy: Double?
  /// Whether the region reaches into the cell of the map's maximum, in other words lies within half a cell of its
  /// centre. Absent when the maximum is not positive or not unique.
  public let peakInside: Bool?
  /// Area under the receiver operating characteristic of `L` as a detector of the region, cells weighted by area,
  /// ties counted half; ½ by chance. Absent when the region or the rest of the radiograph is unseen.
  public let auc: Double?
  /// The largest `mass` that any map of this grid could have: `max c_r / c_I`. Absent for an unseen radiograph.
  public let ceiling: Double?
  /// Pixels of the region on the radiograph.
  public let pixels: Int
}

/// What of a map lies in the padding around the radiograph: evidence from where there is no image.
public struct PaddingStatistics: Hashable, Sendable {
  /// `Σ (1 − c_I)·L`, in points.
  public let points: Double
  /// `Σ (1 − c_I)·max(L, 0)`, in points.
  public let pointsPositive: Double
  /// `Σ (1 − c_I)·min(L, 0)`, in points.
  public let pointsNegative: Double
  /// `Σ (1 − c_I)·L⁺ / Σ L⁺`: of the whole map, unlike the `mass` of a region. Absent when there is no positive evidence.
  public let mass: Double?
  /// `Σ (1 − c_I) / (h·w)`: the mass that a uniform map would give.
  public let areaShare: Double
}

/// A score, split by where the evidence lies: `intercept + inRegions + elsewhere + residual = score`, in points.
///
/// The sum, taken in this order, gives `score` to the last bit wherever a `Double` can hold such a residual;
/// otherwise it differs by no more than the rounding of its largest term.
public struct ScoreBudget: Hashable, Sendable {
  /// What the network gives without any evidence, such as the bias of its last layer.
  public let intercept: Double
  /// `Σ c_U·L` with the coverage of the union of all regions: where regions overlap, a pixel counts once.
  public let inRegions: Double
  /// `Σ (1 − c_U)·L`, padding included.
  public let elsewhere: Double
  /// What the map does not explain: `score − intercept − Σ L`.
  public let residual: Double

  public init(intercept: Double, inRegions: Double, elsewhere: Double, residual: Double) {
    self.intercept = intercept
    self.inRegions = inRegions
    self.elsewhere = elsewhere
    self.residual = residual
  }

  /// Without regions everything that the map explains lies elsewhere.
  ///
  /// - Parameter explained: `Σ L`.
  public init(score: Double, intercept: Double, explained: Double) {
    self.init(intercept: intercept, inRegions: 0, elsewhere: explained, residual: score - (intercept + explained))
  }

  public var score: Double { intercept + inRegions + elsewhere + residual }
}
