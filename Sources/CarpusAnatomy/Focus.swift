public import CarpusImaging
public import CarpusTensors

/// Where the evidence of a map lies, region by region.
public struct Focus: Hashable, Sendable {
  /// One for each region, in the order of the set.
  public let regions: [FocusStatistics]
  /// One for each group of the coverage, in its order; a pixel of several members counts once.
  public let groups: [FocusStatistics]
  /// The union of all regions; overlaps count once.
  public let inRegions: FocusStatistics
  /// The radiograph outside every region.
  public let elsewhere: FocusStatistics
  /// Outside the radiograph.
  public let padding: PaddingStatistics
  /// How concentrated the map is, wherever.
  public let concentration: MapConcentration

  /// The share of the radiograph's area that `FocusStatistics.topShare` looks at, unless told otherwise.
  public static let topArea = 0.05

  /// Measures a raw, signed map on its own grid.
  ///
  /// - Parameters:
  ///   - map: `[h×w]`, in points of the score, of any floating-point type.
  ///   - coverage: the regions on the map's grid.
  ///   - topArea: the share of the radiograph's area, in 0…1, that `topShare` looks at.
  /// - Throws: `FocusError` when the map is not a grid of finite numbers of the coverage's size.
  public init(of map: Tensor, in coverage: FocusCoverage, topArea: Double = Focus.topArea) throws(FocusError) {
    let evidence = FocusEvidence(
      values: try coverage.grid.values(of: map), radiograph: coverage.radiograph, seen: coverage.seen, topArea: topArea)
    regions = coverage.ofRegions.map(evidence.statistics)
    groups = coverage.ofGroups.map(evidence.statistics)
    inRegions = evidence.statistics(of: coverage.ofUnion)
    elsewhere = evidence.statistics(of: coverage.ofRest)
    padding = evidence.padding
    concentration = evidence.concentration
  }

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
    guard map.shape.rank == 2, map.shape.count > 0 else { throw .notAGrid(map.shape, map.elementType) }
    let grid = MapGrid(height: map.shape[0], width: map.shape[1], inputSize: inputSize, transform: transform)
    try self.init(of: map, in: FocusCoverage(of: regions, on: grid))
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
  case otherGrid(Shape, height: Int, width: Int)

  public var description: String {
    switch self {
    case .notAGrid(let shape, let type): "the map is a tensor of \(type) \(shape); a grid h×w of floating-point numbers is needed"
    case .notFinite(let row, let column): "the map is not a finite number at row \(row), column \(column)"
    case .otherGrid(let shape, let height, let width): "the map is a grid of \(shape); the regions were laid on one of \(height)×\(width) cells"
    }
  }
}

extension MapGrid {
  /// The cells of a map on this grid, row by row.
  func values(of map: Tensor) throws(FocusError) -> [Double] {
    guard map.elementType.isFloatingPoint, map.shape.rank == 2, map.shape.count > 0 else {
      throw .notAGrid(map.shape, map.elementType)
    }
    guard map.shape[0] == height, map.shape[1] == width else { throw .otherGrid(map.shape, height: height, width: width) }
    let values = map.doubles
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(row: index / width, column: index % width)
    }
    return values
  }
}
