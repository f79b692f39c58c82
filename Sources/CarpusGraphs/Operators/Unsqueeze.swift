import CarpusTensors

/// `Y` is `X` with axes of extent 1 put in, so that they are the axes `axes` of `Y`.
///
/// - Operands: `X`, any type and shape; `axes` int64 `[n]` (an attribute before version 13).
/// - Throws: when `Y`, whose rank is that of `X` plus n, has no such axis, or one is named twice.
public struct Unsqueeze: Forwarding {
  public static let signature = OperatorSignature("Unsqueeze", operands: 1...2, numerics: .moves, gradient: .defined)
  private let axes: [Int]?

  public init(_ node: inout NodeReader) throws(OperatorError) { axes = try node.ints("axes") }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0)
    let list = try operands.integerList(1, or: axes)
    guard let extents = x.shape.extents else { return [ValueType(x.elementType, .unknown)] }
    switch list {
    case .known(let axes):
      let rank = extents.count + axes.count
      let added = Set(try Axes.resolved(axes, rank: rank))
      var rest = extents.makeIterator()
      return [ValueType(x.elementType, PartialShape((0..<rank).map { added.contains($0) ? 1 : rest.next() ?? nil }))]
    case .absent: throw .operands("the axes to put in are missing")
    case .later(let count): return [ValueType(x.elementType, count.map { .unknown(rank: extents.count + $0) } ?? .unknown)]
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
