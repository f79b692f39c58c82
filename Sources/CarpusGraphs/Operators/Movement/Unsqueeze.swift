import CarpusTensors

/// `Y` is `X` with axes of extent 1 put in, so that they are the axes `axes` of `Y`.
///
/// - Operands: `X`, any type and shape; `axes` int64 `[n]` (an attribute before version 13).
/// - Throws: when `Y`, whose rank is that of `X` plus n, has no such axis, or one is named twice.
public struct Unsqueeze: AxisReshaping {
  public static let signature = OperatorSignature("Unsqueeze", operands: 1...2, numerics: .moves, gradient: .defined)
  let axes: [Int]?

  // MARK: Shape

  func shape(_ extents: [Int?], _ list: IntegerList) throws(OperatorError) -> PartialShape {
    switch list {
    case .known(let axes):
      let rank = extents.count + axes.count
      let added = Set(try Axes.resolved(axes, rank: rank))
      var rest = extents.makeIterator()
      return PartialShape((0..<rank).map { added.contains($0) ? 1 : rest.next() ?? nil })
    case .absent: throw .operands("the axes to put in are missing")
    case .later(let count): return count.map { .unknown(rank: extents.count + $0) } ?? .unknown
    }
  }
}
