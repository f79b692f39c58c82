public import CarpusTensors

/// `Y` is `X` broadcast together with `shape`.
///
/// - Operands: `X`, any type; `shape` int64 `[n]`. The result may be larger than `shape` where `X` is.
/// - Throws: when the shapes do not fit together, or the result does not fit into memory.
public struct Expand: Forwarding, Pointwise, Writable {
  public static let signature = OperatorSignature("Expand", since: 8, operands: 1...2, numerics: .moves, gradient: .defined)
  private let target: Shape?

  public init(_ node: inout NodeReader) throws(OperatorError) { target = nil }
  public init(to shape: Shape) { target = shape }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0)
    switch try operands.integerList(1, or: target?.extents) {
    case .known(let wanted):
      guard wanted.allSatisfy({ $0 >= 0 }) else { throw .operands("\(wanted) is no shape: an extent is negative") }
      guard let extents = try Broadcasting.shape(x.shape, PartialShape(wanted)).extents else { return [ValueType(x.elementType, .unknown)] }
      return [try Movement.resultType(x.elementType, extents)]
    case .later(let rank):
      guard let rank, let own = x.shape.rank else { return [ValueType(x.elementType, .unknown)] }
      return [ValueType(x.elementType, .unknown(rank: max(rank, own)))]
    case .absent: throw .operands("the shape is missing")
    }
  }

  public func forwarded(_ operands: [OperandInfo], as results: [ValueType]) -> [Int]? { Self.forwardsEqualTypes(operands, results) }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let x = operands[0], shape = results.shape(0), team = results.team
    var y = results.bytes(0)
    Kernels.copyStrided(
      x.bytes, sourceStrides: Broadcasting.strides(of: x.shape, in: shape), into: &y, targetStrides: shape.strides, extents: shape.extents,
      elementSize: x.elementType.byteCount, team: team)
  }

  // MARK: Writing

  public func written(opset: Int) -> WrittenNode { WrittenNode("Expand", constants: target.map { [Tensor($0.extents.map(Int64.init))] } ?? [], since: 8) }

  // MARK: Gradient

  /// ∂X is ∂Y summed over the stretched axes.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0], step.wants[0] else { return step.operands.map { _ in nil } }
    return [try graph.summed(seed, to: try step.shape(0))] + step.operands.dropFirst().map { _ in nil }
  }
}

extension GraphBuilder {
  public mutating func expanded(_ x: Value, to shape: Shape) throws(OperatorError) -> Value { try add(Expand(to: shape), x) }
}
