/// How much of an attribution map lies in one region.
///
/// Notation: `L` the raw, signed map in points of the score; `c_r(i, j)` the share of cell (i, j) that the region
/// covers, `c_I(i, j)` the share that the radiograph covers; `L⁺ = max(L, 0)`; sums run over all cells. Sums are
/// taken on the map's own grid, never on a resampled or normalised view.
///
/// Sources: mass and rank accuracy after Arras et al. 2022 (arXiv 2003.07258); size-corrected mass after Kohlbrenner
/// et al. 2020 (arXiv 1910.09840); pointing game after Zhang et al. 2018 (arXiv 1608.00507); top-k intersection after Theiner et al. 2021;
/// precision and recall as Arun et al. 2021 (doi 10.1148/ryai.2021200267) use them; Otsu's threshold as Saporta et al. 2022 use it.
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
  /// Of the highest cells that together have `Focus.topArea` of the radiograph's area, the share of area that lies in the region; ties as in
  /// `rankAccuracy`. A uniform map scores `areaShare`; no map more than `areaShare / topArea`. Absent for an unseen region.
  public let topShare: Double?
  /// Whether the region reaches into the cell of the map's maximum, in other words lies within half a cell of its
  /// centre. Absent when the maximum is not positive or not unique.
  public let peakInside: Bool?
  /// The share of the radiograph's area in cells that the region reaches into: the probability of `peakInside` for a peak anywhere.
  public let reach: Double
  /// Area under the receiver operating characteristic of `L` as a detector of the region, cells weighted by area,
  /// ties counted half; ½ by chance. Absent when the region or the rest of the radiograph is unseen.
  public let auc: Double?
  /// Area under the curve of precision over recall of `L` as a detector of the region, as average precision: `Σ (R_n − R_(n−1))·P_n` over the
  /// distinct values as thresholds, cells weighted by area. A uniform map scores `areaShare`. Absent for an unseen region.
  public let auprc: Double?
  /// Intersection over union of the region and of the cells above Otsu's threshold of `L⁺` on the radiograph (the split into two classes
  /// that have the greatest variance between them, over all splits). Absent for an unseen region, without positive evidence, and where
  /// it is the same everywhere.
  public let iou: Double?
  /// The largest `mass` that any map of this grid could have: `max c_r / c_I`. Absent for an unseen radiograph.
  public let ceiling: Double?
  /// Pixels of the region on the radiograph.
  public let pixels: Int
  /// Whether the network sees any of the radiograph outside the region.
  let seesRest: Bool
}

/// How the positive evidence of a map is spread over the radiograph, whatever lies there. Cells are weighted by their part of the radiograph.
public struct MapConcentration: Hashable, Sendable {
  /// `Σ c_I·L⁺`, in points; where it is 0 there is nothing that could lie anywhere, and the map is counted apart.
  public let pointsPositive: Double
  /// `Σ c_I·min(L, 0)`, in points.
  public let pointsNegative: Double
  /// `−Σ c_I·d·log₂ d` in bits, with `d = L⁺ / Σ c_I·L⁺` the share of the evidence for each cell's area: `log₂ Σ c_I` for a uniform map, 0 when
  /// all of it lies in one whole cell. Absent when there is no positive evidence, as are the others. Source: Shannon 1948.
  public let entropy: Double?
  /// `2^entropy / Σ c_I`: the share of the radiograph over which a uniform map of this entropy would spread. 1 for a uniform map.
  public let spread: Double?
  /// Gini's coefficient of `L⁺`: `Σ_ij c_i·c_j·|L⁺_i − L⁺_j| / (2·Σ c_I·Σ c_I·L⁺)`. 0 for a uniform map, towards 1 for a single peak.
  /// Source: Gini 1912.
  public let gini: Double?
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
