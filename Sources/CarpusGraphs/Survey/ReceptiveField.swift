import CarpusTensors

/// What one cell of a value sees of one axis of an input.
///
/// A window of `k` taps, `d` apart, with stride `s` behind cells that lie `j` apart and see `r` positions gives
/// `r′ = r + (k − 1) · d · j` and `j′ = j · s`; where several ways lead to a value, it sees all that one of them does.
public struct ReceptiveField: Hashable, Sendable {
  /// Cells that lie on a grid of their own. Positions are counted from 0, at their centres; padding has negative ones.
  public struct Grid: Hashable, Sendable {
    /// The axis of the value along which the cells lie.
    public let axis: Int
    /// How many positions of the input lie between neighbours.
    public let stride: Double
    /// The first and the last position that the first cell sees.
    public let first, last: Double

    /// How many positions a cell sees, those that lie in the padding included.
    public var size: Double { last - first + 1 }
    /// The centre of what the first cell sees.
    public var centre: Double { (first + last) / 2 }
  }

  /// What else a cell sees than its part of the grid.
  public enum Beyond: Hashable, Sendable {
    case nothing
    /// Positions were joined or divided into other axes by this operator; along some of these axes a cell sees one or several.
    case regrouped(axes: Set<Int>, by: String)
    /// There is no rule for this operator.
    case unknown(by: String)
    /// Everything, since this operator.
    case everything(by: String)
  }

  /// What a cell sees on the ways that keep the grid; `nil` if there is none.
  public let grid: Grid?
  public let beyond: Beyond
}

extension Graph {
  /// What each value that depends on `input` sees of it along `axis`. Shapes must be known: see `specialized(to:)`.
  public func receptiveFields(of input: Value, axis: Int) -> [Value: ReceptiveField] {
    guard type(of: input).staticShape.map({ axis < $0.rank }) ?? false else { return [:] }
    var fields = [input: ReceptiveField(grid: ReceptiveField.Grid(axis: axis, stride: 1, first: 0, last: 0), beyond: .nothing)]
    for node in nodes where node.operands.contains(where: { $0.map { fields[$0] != nil } ?? false }) {
      let infos = node.operands.map { info($0) }
      for (number, result) in node.results.enumerated() {
        var seen: ReceptiveField?
        for (index, operand) in node.operands.enumerated() {
          guard let operand, let field = fields[operand] else { continue }
          let views = type(of: result).staticShape.flatMap { shape in
            infos.shape(index).flatMap { _ in
              (node.operator as? any Viewing)?.views(ofOperand: index, infos, result: shape, number: number)
            }
          }
          let own = field.seen(through: views, by: node.operatorName)
          seen = seen.map { $0.joined(own, by: node.operatorName) } ?? own
        }
        if let seen { fields[result] = seen }
      }
    }
    return fields
  }
}

extension ReceptiveField {
  /// The field of a result that sees the value of this one in this way; `nil`: that is not known.
  fileprivate func seen(through views: [AxisView]?, by name: String) -> ReceptiveField {
    guard let views else {
      if case .everything = beyond { return ReceptiveField(grid: nil, beyond: beyond) }
      return ReceptiveField(grid: nil, beyond: .unknown(by: name))
    }
    var grid: Grid?
    var beyond = Self.beyond(beyond, through: views, by: name)
    if let own = self.grid {
      switch views[own.axis] {
      case .window(let axis, let stride, let first, let last):
        grid = Grid(
          axis: axis, stride: own.stride * stride, first: own.first + first * own.stride, last: own.last + last * own.stride)
      case .regrouped(let axes): beyond = Self.worse(beyond, .regrouped(axes: axes, by: name))
      case .all: beyond = Self.worse(beyond, .everything(by: name))
      }
    }
    return ReceptiveField(grid: grid, beyond: beyond)
  }

  private static func beyond(_ beyond: Beyond, through views: [AxisView], by name: String) -> Beyond {
    guard case .regrouped(let axes, let origin) = beyond else { return beyond }
    var targets: Set<Int> = [], isSeenWhole = !axes.isEmpty
    for axis in axes {
      switch views[axis] {
      case .window(let target, _, _, _): targets.insert(target)
      case .regrouped(let others): targets.formUnion(others)
      case .all: continue
      }
      isSeenWhole = false
    }
    return isSeenWhole ? .everything(by: name) : .regrouped(axes: targets, by: origin)
  }

  /// The field of a value that is made from values of both.
  fileprivate func joined(_ other: ReceptiveField, by name: String) -> ReceptiveField {
    let beyond = Self.worse(self.beyond, other.beyond)
    guard let a = grid, let b = other.grid else { return ReceptiveField(grid: grid ?? other.grid, beyond: beyond) }
    guard a.axis == b.axis, a.stride == b.stride else {
      return ReceptiveField(grid: nil, beyond: Self.worse(beyond, .regrouped(axes: [a.axis, b.axis], by: name)))
    }
    let both = Grid(axis: a.axis, stride: a.stride, first: min(a.first, b.first), last: max(a.last, b.last))
    return ReceptiveField(grid: both, beyond: beyond)
  }

  private static func worse(_ a: Beyond, _ b: Beyond) -> Beyond {
    func rank(_ beyond: Beyond) -> Int {
      switch beyond {
      case .nothing: 0
      case .regrouped: 1
      case .unknown: 2
      case .everything: 3
      }
    }
    if case .regrouped(let axes, let name) = a, case .regrouped(let others, _) = b { return .regrouped(axes: axes.union(others), by: name) }
    return rank(b) > rank(a) ? b : a
  }
}
