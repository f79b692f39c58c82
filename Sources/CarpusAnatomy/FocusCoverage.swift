import CarpusImaging

/// A part of a radiograph as the cells of a map see it: the cells that it reaches into, and how far.
public struct CellCoverage: Hashable, Sendable {
  /// Cells, row by row, ascending.
  public let cells: [Int]
  /// The share of each of these cells' area that the part covers, in (0, 1].
  public let shares: [Double]
  /// `Σ c`, in cells.
  public let area: Double
  /// Pixels on the radiograph.
  public let pixels: Int

  /// - Parameter dense: the share of every cell.
  init(_ dense: [Double], pixels: Int) {
    cells = dense.indices.filter { dense[$0] > 0 }
    shares = cells.map { dense[$0] }
    area = shares.reduce(0, +)
    self.pixels = pixels
  }

  public init(of mask: Mask, on grid: MapGrid) { self.init(grid.coverage(of: mask), pixels: mask.count) }

  /// The share of every cell of a map with `count` cells.
  public func dense(count: Int) -> [Double] {
    var dense = [Double](repeating: 0, count: count)
    for (cell, share) in zip(cells, shares) { dense[cell] = share }
    return dense
  }
}

/// Regions that are asked about together, such as a wrist or all scored places of a hand.
public struct RegionGroup: Hashable, Sendable {
  public let id: String
  /// Places in `RegionSet.regions`.
  public let members: [Int]

  public init(id: String, members: [Int]) {
    self.id = id
    self.members = members
  }

  /// The regions for which `belongs` holds.
  public init(id: String, of set: RegionSet, where belongs: (Region) -> Bool) {
    self.init(id: id, members: set.regions.indices.filter { belongs(set.regions[$0]) })
  }
}

/// The regions of one radiograph on the grid of a map: worked out once, used by every map on that grid and by their null distributions.
public struct FocusCoverage: Sendable {
  public let grid: MapGrid
  public let groups: [RegionGroup]
  /// `c_I`, the share of each cell that lies on the radiograph.
  public let radiograph: [Double]
  /// `Σ c_I`, in cells.
  public let seen: Double
  /// In the order of the set.
  public let ofRegions: [CellCoverage]
  /// In the order of `groups`: of the union of the members; a pixel counts once.
  public let ofGroups: [CellCoverage]
  /// Of the union of all regions, and of the radiograph without it.
  public let ofUnion, ofRest: CellCoverage

  /// - Parameters:
  ///   - groups: queries; their members are places in `regions.regions`.
  ///   - grid: of the maps, over the radiograph that has the regions.
  /// - Precondition: members exist.
  public init(of regions: RegionSet, groups: [RegionGroup] = [], on grid: MapGrid) {
    self.grid = grid
    self.groups = groups
    radiograph = grid.coverage(ofRadiograph: regions.size)
    seen = radiograph.reduce(0, +)
    ofRegions = regions.regions.map { CellCoverage(of: $0.mask, on: grid) }
    ofGroups = groups.map { group in
      CellCoverage(of: Mask.union(of: group.members.map { regions.regions[$0].mask }, size: regions.size), on: grid)
    }
    let union = grid.coverage(of: regions.union)
    ofUnion = CellCoverage(union, pixels: regions.union.count)
    ofRest = CellCoverage(zip(radiograph, union).map { max(0, $0 - $1) }, pixels: regions.size.count - regions.union.count)
  }
}
