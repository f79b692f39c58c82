/// Which regions of a file are measured.
public enum RegionSelection: Sendable, Hashable, CustomStringConvertible {
  case all
  /// Those that the Sharp/van der Heijde method scores: see `SvdHSite.regionID`.
  case sites
  /// Those with one of these ids, of either side.
  case ids(Set<String>)

  /// From `all`, `sites`, or ids with commas between.
  ///
  /// - Returns: `nil` for a list that holds something else than ids.
  public init?(_ text: String) {
    switch text {
    case "all": self = .all
    case "sites": self = .sites
    default:
      let ids = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      guard ids.allSatisfy(RegionName.isID) else { return nil }
      self = .ids(Set(ids))
    }
  }

  public var description: String {
    switch self {
    case .all: "all"
    case .sites: "sites"
    case .ids(let ids): ids.sorted().joined(separator: ",")
    }
  }

  private func holds(_ region: Region) -> Bool {
    switch self {
    case .all: true
    case .sites: Self.siteIDs.contains(region.id)
    case .ids(let ids): ids.contains(region.id)
    }
  }

  private static let siteIDs = Set(SvdHSite.allCases.map(\.regionID))

  /// - Throws: `RegionError.noRegions` when none is left.
  public func applied(to set: RegionSet) throws(RegionError) -> RegionSet {
    if self == .all { return set }
    return try RegionSet(size: set.size, regions: set.regions.filter(holds), warnings: set.warnings)
  }
}
