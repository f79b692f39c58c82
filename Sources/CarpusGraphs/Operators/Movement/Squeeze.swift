import CarpusTensors

/// `Y` is `X` without the axes `axes`, all of extent 1; without every axis of extent 1 if `axes` is left out.
///
/// - Operands: `X`, any type and shape; `axes` int64 `[n]` (an attribute before version 13).
/// - Throws: when there is no such axis, or its extent is not 1.
public struct Squeeze: AxisReshaping {
  public static let signature = OperatorSignature("Squeeze", operands: 1...2, numerics: .moves, gradient: .defined)
  let axes: [Int]?

  // MARK: Shape

  func shape(_ extents: [Int?], _ list: IntegerList) throws(OperatorError) -> PartialShape {
    switch list {
    case .known(let axes):
      let dropped = Set(try Axes.resolved(axes, rank: extents.count))
      for axis in dropped.sorted() {
        guard extents[axis] ?? 1 == 1 else {
          throw .operands("axis \(axis) of \(PartialShape(extents)) cannot be dropped: its extent is not 1")
        }
      }
      return PartialShape(extents.indices.filter { !dropped.contains($0) }.map { extents[$0] })
    case .absent: return extents.contains(nil) ? .unknown : PartialShape(extents.filter { $0 != 1 })
    case .later(let count):
      guard let count else { return .unknown }
      guard count <= extents.count else { throw .operands("\(PartialShape(extents)) does not have \(count) axes to drop") }
      return .unknown(rank: extents.count - count)
    }
  }
}
