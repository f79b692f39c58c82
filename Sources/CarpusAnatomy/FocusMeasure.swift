/// The statistics of a region as a list, each with its chance level and, where it is absent, the reason.
public enum FocusMeasure: String, CaseIterable, Hashable, Sendable {
  case points, pointsPositive, pointsNegative, mass, areaShare, enrichment, rankAccuracy, topShare, peakInside, reach, auc, auprc, iou, ceiling

  /// The measure of a region; `peakInside` is 1 or 0.
  public func value(of statistics: FocusStatistics) -> Result<Double, FocusAbsence> {
    let value: Double? =
      switch self {
      case .points: statistics.points
      case .pointsPositive: statistics.pointsPositive
      case .pointsNegative: statistics.pointsNegative
      case .mass: statistics.mass
      case .areaShare: statistics.areaShare
      case .enrichment: statistics.enrichment
      case .rankAccuracy: statistics.rankAccuracy
      case .topShare: statistics.topShare
      case .peakInside: statistics.peakInside.map { $0 ? 1 : 0 }
      case .reach: statistics.reach
      case .auc: statistics.auc
      case .auprc: statistics.auprc
      case .iou: statistics.iou
      case .ceiling: statistics.ceiling
      }
    if let value { return .success(value) }
    return .failure(absence(in: statistics))
  }

  private func absence(in statistics: FocusStatistics) -> FocusAbsence {
    if statistics.ceiling == nil { return .radiographUnseen }
    switch self {
    case .mass: return .noPositiveEvidence
    case .peakInside: return statistics.mass == nil ? .noPositiveEvidence : .noSinglePeak
    default: break
    }
    if statistics.areaShare == 0 { return .regionUnseen }
    switch self {
    case .auc: return .restUnseen
    case .iou: return statistics.mass == nil ? .noPositiveEvidence : .uniform
    default: return .noPositiveEvidence
    }
  }

  /// What a map that knows nothing of the region would give on average; `nil` where there is no such number.
  public func chance(of statistics: FocusStatistics) -> Double? {
    switch self {
    case .mass, .rankAccuracy, .topShare, .auprc: statistics.areaShare
    case .enrichment: 1
    case .auc: 0.5
    case .peakInside: statistics.reach
    case .points, .pointsPositive, .pointsNegative, .areaShare, .reach, .iou, .ceiling: nil
    }
  }
}

/// Why a region has no such statistic.
public enum FocusAbsence: String, Error, Hashable, Sendable, CaseIterable, CustomStringConvertible {
  case noPositiveEvidence, regionUnseen, restUnseen, radiographUnseen, noSinglePeak, uniform

  public var description: String {
    switch self {
    case .noPositiveEvidence: "the map has no positive evidence on the radiograph"
    case .regionUnseen: "the network sees nothing of the region"
    case .restUnseen: "the network sees nothing of the radiograph but the region"
    case .radiographUnseen: "the network sees nothing of the radiograph"
    case .noSinglePeak: "the highest cell of the map is not positive or not the only one"
    case .uniform: "the positive evidence is the same everywhere"
    }
  }
}

/// Whether a map of this grid can tell a region from its surroundings.
public enum FocusResolution: Hashable, Sendable, CustomStringConvertible {
  case resolvable(ceiling: Double)
  /// The cells are too coarse: of no cell does the region fill `limit`.
  case unresolvable(ceiling: Double, limit: Double)
  case unseen

  /// Below ½, most of what even the best cell shows lies outside the region.
  public static let limit = 0.5

  public init(of statistics: FocusStatistics, limit: Double = FocusResolution.limit) {
    guard let ceiling = statistics.ceiling, ceiling > 0 else {
      self = .unseen
      return
    }
    self = ceiling < limit ? .unresolvable(ceiling: ceiling, limit: limit) : .resolvable(ceiling: ceiling)
  }

  public var description: String {
    switch self {
    case .resolvable: "resolvable"
    case .unresolvable(let ceiling, let limit):
      "unresolvable: no map of this grid can put more than \(Self.percent(ceiling)) % of its evidence into the region; \(Self.percent(limit)) % are asked for"
    case .unseen: "not seen by the network"
    }
  }

  private static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded(.down)))" }
}
