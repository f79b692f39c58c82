public import CarpusTensors

/// Regions moved within their hands at random: worked out once for a radiograph and a grid, used by every map on that grid.
///
/// Places are drawn for each region on its own (see `MaskMoves`), from a stream of numbers that the caller names, so that another region
/// more or less changes nothing. Groups move member by member. A moved region is covered exactly, to the part of a pixel.
///
/// Sources: Arun et al. 2021 compare with masks of others; moving masks under a fixed map is the spatial null of brain imaging
/// (Alexander-Bloch et al., NeuroImage 178:540, 2018), here without the sphere.
public struct FocusChance: Sendable {
  public let draws: Int
  /// Fewer different places than that and no p-value could fall below 0.05.
  static let leastPlaces = 20
  private let coverage: FocusCoverage
  private let moved: [MovedCoverage?]

  /// - Parameters:
  ///   - regions: the set that `coverage` was made from.
  ///   - hands: the masks that regions are moved within, on the radiograph's grid.
  ///   - handOfRegion: for the place of a region in the set, the place of its hand in `hands`; `nil` for regions that stay.
  ///   - draws: how many places for each; 200 or more for p-values of 0.005.
  ///   - stream: the random numbers for the place of a region in the set.
  public init<Random: RandomNumberGenerator>(
    of regions: RegionSet, _ coverage: FocusCoverage, within hands: [Mask], handOfRegion: (Int) -> Int?, draws: Int,
    stream: (Int) -> Random
  ) {
    self.draws = draws
    self.coverage = coverage
    let grounds = hands.map(MaskMoves.Ground.init)
    moved = regions.regions.indices.map { index in
      guard let hand = handOfRegion(index) else { return nil }
      let mask = regions.regions[index].mask
      var random = stream(index)
      let placements = MaskMoves(of: mask, within: grounds[hand]).placements(draws, using: &random)
      let isRoomy = placements.count == draws && Set(placements.map { [$0.x, $0.y] }).count >= min(Self.leastPlaces, draws / 2)
      return isRoomy ? MovedCoverage(of: mask, at: placements, on: coverage.grid) : nil
    }
  }

  /// Whether a region could be moved: it was asked for and its hand has room.
  public func isMovable(_ region: Int) -> Bool { moved[region] != nil }

  /// The null distributions of a map: of the regions, then of the groups of the coverage; `nil` for what could not be moved.
  ///
  /// - Throws: `FocusError` when the map is not a grid of finite numbers of the coverage's size.
  public func distributions(of map: Tensor) throws(FocusError)
    -> (regions: [NullDistribution?], groups: [NullDistribution?])
  {
    let values = try coverage.grid.values(of: map)
    let whole = EvidenceSum(CellCoverage(coverage.radiograph, pixels: 0), values)
    let regions = moved.indices.map { index in
      moved[index].map { NullDistribution(observed: EvidenceSum(coverage.ofRegions[index], values), draws: $0.sums(values), whole: whole) }
    }
    let groups = coverage.groups.map { group in
      let members = group.members.compactMap { regions[$0] }
      return members.isEmpty || members.count < group.members.count ? nil : NullDistribution(joining: members)
    }
    return (regions, groups)
  }
}

extension FocusCoverage {
  /// A region's evidence beside that of other places that are given: the same place mirrored, other regions of the radiograph, or the
  /// region of other patients on the same grid. For a p-value the region itself belongs among the places when these are drawn at random.
  ///
  /// - Precondition: the places are on this coverage's grid.
  public func distribution(of map: Tensor, in region: CellCoverage, beside places: [CellCoverage]) throws(FocusError) -> NullDistribution {
    let values = try grid.values(of: map)
    return NullDistribution(
      observed: EvidenceSum(region, values), draws: places.map { EvidenceSum($0, values) },
      whole: EvidenceSum(CellCoverage(radiograph, pixels: 0), values))
  }
}
