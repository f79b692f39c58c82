public import CarpusAnatomy

/// One of the 62 things that are scored in both hands: a kind of damage at a place of a side.
public struct SvdHItem: Hashable, Sendable, CustomStringConvertible {
  /// Left or right.
  public let side: Laterality
  public let site: SvdHSite
  public let damage: SvdHDamage

  /// - Returns: `nil` for a side that is neither left nor right, and where this damage is not scored.
  public init?(side: Laterality, site: SvdHSite, damage: SvdHDamage) {
    guard side == .left || side == .right, site.damages.contains(damage) else { return nil }
    self.side = side
    self.site = site
    self.damage = damage
  }

  /// From `L:MCP2.erosion`; the case of the letters does not matter.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let side = Laterality(rawValue: parts[0].uppercased()) else { return nil }
    let words = parts[1].split(separator: ".", omittingEmptySubsequences: false)
    guard words.count == 2, let damage = SvdHDamage(rawValue: words[1].lowercased()),
      let site = SvdHSite.allCases.first(where: { $0.regionID == words[0].lowercased() })
    else { return nil }
    self.init(side: side, site: site, damage: damage)
  }

  /// `L:MCP2.erosion`, which is also the name of a column.
  public var description: String { "\(side.rawValue):\(site.rawValue).\(damage.rawValue)" }

  /// The items of a side, place by place.
  public static func all(of side: Laterality) -> [SvdHItem] {
    SvdHSite.allCases.flatMap { site in site.damages.compactMap { SvdHItem(side: side, site: site, damage: $0) } }
  }

  /// All 62: the left hand, then the right.
  public static let all: [SvdHItem] = all(of: .left) + all(of: .right)
}
