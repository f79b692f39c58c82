import CarpusTensors

/// `Y` is `X` without the axes `axes`, all of extent 1; without every axis of extent 1 if `axes` is left out.
///
/// - Operands: `X`, any type and shape; `axes` int64 `[n]` (an attribute before version 13).
/// - Throws: when there is no such axis, or its extent is not 1.
public struct Squeeze: Forwarding {
  public static let signature = OperatorSignature("Squeeze", operands: 1...2, numerics: .moves, gradient: .defined)
  private let axes: [Int]?

  public init(_ node: inout NodeReader) throws(OperatorError) { axes = try node.ints("axes") }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0)
    let list = try operands.integerList(1, or: axes)
    guard let extents = x.shape.extents else { return [ValueType(x.elementType, .unknown)] }
    switch list {
    case .known(let axes):
      let dropped = Set(try Axes.resolved(axes, rank: extents.count))
      for axis in dropped.sorted() {
        if let extent = extents[axis], extent != 1 { throw .operands("axis \(axis) of \(x.shape) cannot be dropped: its extent is not 1") }
      }
      return [ValueType(x.elementType, PartialShape(extents.indices.filter { !dropped.contains($0) }.map { extents[$0] }))]
    case .absent:
      return [ValueType(x.elementType, extents.contains(nil) ? .unknown : PartialShape(extents.filter { $0 != 1 }))]
    case .later(let count):
      guard let count else { return [ValueType(x.elementType, .unknown)] }
      guard count <= extents.count else { throw .operands("\(x.shape) does not have \(count) axes to drop") }
      return [ValueType(x.elementType, .unknown(rank: extents.count - count))]
    }
  }

  public func forwarded(_ operands: [OperandInfo], as results: [ValueType]) -> [Int]? { Self.forwardsEqualTypes(operands, results) }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) { results.copyElements(of: operands[0]) }

  // MARK: Gradient

  /// ∂X is ∂Y in the shape of X.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    try graph.reshapedBack(step, seeds)
  }
}
