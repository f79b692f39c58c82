public import CarpusImaging
public import CarpusTensors

/// Where the evidence of a map lies, region by region.
public struct Focus: Hashable, Sendable {
  /// One for each region, in the order of the set.
  public let regions: [FocusStatistics]
  /// The union of all regions; overlaps count once.
  public let inRegions: FocusStatistics
  /// The radiograph outside every region.
  public let elsewhere: FocusStatistics
  /// Outside the radiograph.
  public let padding: PaddingStatistics

  /// Measures a raw, signed map on its own grid.
  ///
  /// - Parameters:
  ///   - map: `[h×w]`, in points of the score, of any floating-point type.
  ///   - regions: the regions, on the radiograph's grid.
  ///   - inputSize: size W×H of the network's input, which the map covers.
  ///   - transform: from the radiograph to the network's input; scales are positive.
  /// - Throws: `FocusError` when the map is not a grid of finite numbers.
  public init(
    of map: Tensor, in regions: RegionSet, inputSize: PixelSize, transform: PixelTransform
  ) throws(FocusError) {
    guard map.elementType.isFloatingPoint, map.shape.rank == 2, map.shape.count > 0 else {
      throw .notAGrid(map.shape, map.elementType)
    }
    let grid = MapGrid(height: map.shape[0], width: map.shape[1], inputSize: inputSize, transform: transform)
    let values = map.doubles
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(row: index / grid.width, column: index % grid.width)
    }
    let evidence = Evidence(values: values, radiograph: grid.coverage(ofRadiograph: regions.size))
    let union = grid.coverage(of: regions.union)
    self.regions = regions.regions.map { evidence.statistics(of: grid.coverage(of: $0.mask), pixels: $0.mask.count) }
    inRegions = evidence.statistics(of: union, pixels: regions.union.count)
    let rest = zip(evidence.radiograph, union).map { max(0, $0 - $1) }
    elsewhere = evidence.statistics(of: rest, pixels: regions.size.count - regions.union.count)
    padding = evidence.padding
  }

  /// Splits the score that the map explains.
  ///
  /// - Parameters:
  ///   - score: the network's output, in points.
  ///   - intercept: the part of it that no cell of the map can carry, in points.
  public func budget(score: Double, intercept: Double) -> ScoreBudget {
    let outside = elsewhere.points + padding.points
    return ScoreBudget(
      intercept: intercept, inRegions: inRegions.points, elsewhere: outside,
      residual: score - (intercept + inRegions.points + outside))
  }
}

/// Why a map cannot be measured.
public enum FocusError: Error, Hashable, CustomStringConvertible {
  case notAGrid(Shape, ElementType)
  case notFinite(row: Int, column: Int)

  public var description: String {
    switch self {
    case .notAGrid(let shape, let type): "the map is a tensor of \(type) \(shape); a grid h×w of floating-point numbers is needed"
    case .notFinite(let row, let column): "the map is not a finite number at row \(row), column \(column)"
    }
  }
}

/// A map with the coverage of the radiograph and the order of its cells.
private struct Evidence {
  let values: [Double]
  let radiograph: [Double]
  /// Cells from the highest to the lowest, equal ones together.
  let ranks: [ArraySlice<Int>]
  let seen: Double
  let positive: Double
  /// The cell of the maximum, where it is positive and unique.
  let peak: Int?

  init(values: [Double], radiograph: [Double]) {
    self.values = values
    self.radiograph = radiograph
    let order = values.indices.sorted { values[$0] > values[$1] }
    let starts = order.indices.filter { $0 == 0 || values[order[$0]] != values[order[$0 - 1]] }
    ranks = zip(starts, starts.dropFirst() + [order.count]).map { order[$0..<$1] }
    seen = radiograph.reduce(0, +)
    positive = zip(values, radiograph).reduce(0) { $0 + max($1.0, 0) * $1.1 }
    peak = ranks.first.flatMap { $0.count == 1 ? $0.first : nil }.flatMap { values[$0] > 0 ? $0 : nil }
  }

  func statistics(of coverage: [Double], pixels: Int) -> FocusStatistics {
    let (pointsPositive, pointsNegative) = points(coverage)
    let area = coverage.reduce(0, +)
    let mass = positive > 0 ? pointsPositive / positive : nil
    let areaShare = seen > 0 ? area / seen : 0
    let ceiling = zip(coverage, radiograph).compactMap { $1 > 0 ? min(1, $0 / $1) : nil }.max()
    return FocusStatistics(
      points: pointsPositive + pointsNegative, pointsPositive: pointsPositive, pointsNegative: pointsNegative,
      mass: mass, areaShare: areaShare, enrichment: areaShare > 0 ? mass.map { $0 / areaShare } : nil,
      rankAccuracy: rankAccuracy(coverage, area: area), peakInside: peak.map { coverage[$0] > 0 },
      auc: auc(coverage), ceiling: ceiling, pixels: pixels)
  }

  var padding: PaddingStatistics {
    let coverage = radiograph.map { 1 - $0 }
    let (pointsPositive, pointsNegative) = points(coverage)
    let total = values.reduce(0) { $0 + max($1, 0) }
    return PaddingStatistics(
      points: pointsPositive + pointsNegative, pointsPositive: pointsPositive, pointsNegative: pointsNegative,
      mass: total > 0 ? pointsPositive / total : nil, areaShare: coverage.reduce(0, +) / Double(coverage.count))
  }

  private func points(_ coverage: [Double]) -> (positive: Double, negative: Double) {
    var sums = (positive: 0.0, negative: 0.0)
    for (value, share) in zip(values, coverage) {
      if value > 0 { sums.positive += share * value } else { sums.negative += share * value }
    }
    return sums
  }

  private func rankAccuracy(_ coverage: [Double], area: Double) -> Double? {
    guard area > 0 else { return nil }
    var wanted = area
    var hit = 0.0
    for cells in ranks where wanted > 0 {
      let available = cells.reduce(0) { $0 + radiograph[$1] }
      guard available > 0 else { continue }
      let part = min(1, wanted / available)
      hit += part * cells.reduce(0) { $0 + coverage[$1] }
      wanted -= available
    }
    return hit / area
  }

  private func auc(_ coverage: [Double]) -> Double? {
    var inside = 0.0
    var outside = 0.0
    var pairs = 0.0
    for cells in ranks {
      let here = cells.reduce(0) { $0 + coverage[$1] }
      let others = cells.reduce(0) { $0 + max(0, radiograph[$1] - coverage[$1]) }
      pairs += others * (inside + here / 2)
      inside += here
      outside += others
    }
    return inside > 0 && outside > 0 ? pairs / (inside * outside) : nil
  }
}
