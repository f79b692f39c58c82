public import CarpusAnatomy

/// The grades of a patient's hands, 0 where nothing is said.
public struct SvdHGrades: Hashable, Sendable {
  private var grades: [SvdHItem: Int] = [:]

  /// Every grade 0.
  public init() {}

  /// - Precondition when set: 0…5 for an erosion, 0…4 for a narrowing.
  public subscript(item: SvdHItem) -> Int {
    get { grades[item] ?? 0 }
    set {
      precondition((0...item.damage.maximum).contains(newValue))
      grades[item] = newValue == 0 ? nil : newValue
    }
  }

  /// 0 where this is not scored.
  public subscript(side: Laterality, site: SvdHSite, damage: SvdHDamage) -> Int {
    SvdHItem(side: side, site: site, damage: damage).map { self[$0] } ?? 0
  }

  /// The sum over a side: 0…140.
  public func total(of side: Laterality) -> Int { grades.reduce(0) { $0 + ($1.key.side == side ? $1.value : 0) } }

  /// The sum over both hands: 0…280, of which 160 are erosions and 120 narrowing.
  public var total: Int { total(of: .left) + total(of: .right) }
}
