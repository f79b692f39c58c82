import CarpusTensors

/// `Y[a…, i…, b…] = X[a…, indices[i…], b…]`: the slices of `X` at positions along `axis`; negative ones count from the end.
///
/// - Operands: `X`, any type and shape; `indices`, integers of any shape.
/// - Throws: when there is no such axis, or a position lies outside it.
public struct Gather: Viewing, Writable {
  public static let signature = OperatorSignature("Gather", operands: 2...2, numerics: .moves, gradient: .defined)
  private let axis: Int

  public init(_ node: inout NodeReader) throws(OperatorError) { axis = try node.int("axis") ?? 0 }
  init(axis: Int) { self.axis = axis }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0), indices = try operands.indexTensor(1)
    guard let extents = x.shape.extents else { return [ValueType(x.elementType, .unknown)] }
    let axis = try Axes.resolved(axis, rank: extents.count)
    guard let positions = indices.shape.extents else { return [ValueType(x.elementType, .unknown)] }
    return [try Movement.resultType(x.elementType, extents[..<axis] + positions + extents[(axis + 1)...])]
  }

  // MARK: View

  func views(ofOperand index: Int, _ operands: [OperandInfo], result: Shape, number: Int) -> [AxisView]? {
    guard index == 0, let rank = operands.shape(0)?.rank, let axis = try? Axes.resolved(axis, rank: rank),
      let indices = operands.shape(1)
    else { return nil }
    return (0..<rank).map { place in
      if place == axis { return .regrouped(axes: Set(axis..<axis + indices.rank)) }
      return .same(place < axis ? place : place + indices.rank - 1)
    }
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let x = operands[0]
    let rule = SliceRule.axis(try Axes.resolved(axis, rank: x.shape.rank))
    try rule.selection(operands[1], from: x.shape).gather(x, into: &results)
  }

  // MARK: Writing

  public func written(opset: Int) -> WrittenNode { WrittenNode("Gather", ["axis": .int(axis)], since: 1) }

  // MARK: Gradient

  /// ∂X is ∂Y added where each slice came from.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0], step.wants[0] else { return [nil, nil] }
    let shape = try step.shape(0)
    let rule = SliceRule.axis(try Axes.resolved(axis, rank: shape.rank))
    return [try graph.add(GatherAdjoint(rule, of: shape), seed, step.operand(1)), nil]
  }
}
