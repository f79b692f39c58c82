import CarpusTensors

/// `Y[i…, j, k…] = X[i…, indices[i…, j, k…], k…]`, where j is along `axis`; negative positions count from the end.
///
/// - Operands: `X`, any type, rank r ≥ 1; `indices`, integers of rank r, along no other axis longer than `X`.
/// - Throws: when a position lies outside the axis, or the shapes do not fit together.
public struct GatherElements: Writable {
  public static let signature = OperatorSignature("GatherElements", since: 11, operands: 2...2, numerics: .moves, gradient: .defined)
  private let axis: Int

  public init(_ node: inout NodeReader) throws(OperatorError) { axis = try node.int("axis") ?? 0 }
  init(axis: Int) { self.axis = axis }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0), indices = try operands.indexTensor(1)
    if let rank = x.shape.rank {
      try SliceRule.checkElements(indices: indices.shape, of: x.shape, axis: try Axes.resolved(axis, rank: rank))
    }
    guard let extents = indices.shape.extents else { return [ValueType(x.elementType, .unknown)] }
    return [try Movement.resultType(x.elementType, extents)]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let x = operands[0]
    let rule = SliceRule.elements(axis: try Axes.resolved(axis, rank: x.shape.rank))
    try rule.selection(operands[1], from: x.shape).gather(x, into: &results)
  }

  // MARK: Writing

  public func written(opset: Int) -> WrittenNode { WrittenNode("GatherElements", ["axis": .int(axis)], since: 11) }

  // MARK: Gradient

  /// ∂X is ∂Y added where each element came from.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0], step.wants[0] else { return [nil, nil] }
    let shape = try step.shape(0), axis = try Axes.resolved(axis, rank: shape.rank)
    return [try graph.add(GatherAdjoint(.elements(axis: axis), of: shape), seed, step.operand(1)), nil]
  }
}
