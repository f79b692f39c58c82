/// Which regions of a file are measured.
public enum RegionSelection: Sendable, Hashable, CustomStringConvertible {
  case all
  /// Those that count for a place that the Sharp/van der Heijde method scores, as the file's vocabulary has it.
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

  private func holds(_ region: Region, in vocabulary: HandVocabulary) -> Bool {
    switch self {
    case .all: true
    case .sites: vocabulary.term(of: region)?.site != nil
    case .ids(let ids): ids.contains(region.id)
    }
  }

  /// - Throws: `RegionError.noRegions` when none is left.
  public func applied(to set: RegionSet) throws(RegionError) -> RegionSet {
    if self == .all { return set }
    return try RegionSet(size: set.size, regions: set.regions.filter { holds($0, in: set.vocabulary) }, warnings: set.warnings, vocabulary: set.vocabulary)
  }
}
