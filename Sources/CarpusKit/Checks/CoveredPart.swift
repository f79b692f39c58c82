import CarpusAnatomy
import CarpusImaging

/// What is covered of a radiograph, and by what: one rule for audits and for pages.
struct CoveredPart: Sendable {
  let mask: Mask
  let covering: Covering

  /// Of a marker, a border and the like that part which lies beside the hands, by its surroundings, into which nothing of a hand is continued. What lies on a
  /// hand cannot be taken away without what is under it.
  ///
  /// - Parameter hands: hands and scored places.
  static func misleading(_ mask: Mask, hands: Mask) -> CoveredPart {
    CoveredPart(mask: mask.subtracting(hands), covering: .neighboursWithout(hands))
  }

  /// What lies beside the hands by its own mean grey.
  static func background(_ mask: Mask, hands: Mask) -> CoveredPart {
    CoveredPart(mask: mask.subtracting(hands), covering: .mean)
  }

  /// A scored place by the same place of the other hand: a joint that is smoothed away has lost its joint space, and looks destroyed.
  ///
  /// - Returns: `nil` where the other hand does not show it.
  static func place(_ region: Region, among regions: [Region]) -> CoveredPart? {
    regions.first { $0.id == region.id && $0.laterality.isOpposite(of: region.laterality) }
      .map { CoveredPart(mask: region.mask, covering: .mirrored(from: $0.mask)) }
  }

  func covered(_ radiograph: Radiograph) -> Radiograph { radiograph.covered(mask, by: covering) }
}

extension Laterality {
  /// Left and right.
  func isOpposite(of other: Laterality) -> Bool { (self == .left && other == .right) || (self == .right && other == .left) }
}
