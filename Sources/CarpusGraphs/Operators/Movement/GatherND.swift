import CarpusTensors

/// `Y[b…, i…, …] = X[b…, indices[b…, i…, :], …]`: the slices of `X` at coordinates along the axes behind the first
/// `batch_dims`; negative coordinates count from the end.
///
/// - Operands: `X`, any type, rank r; `indices`, integers `[batch…, n…, k]` with k ≤ r − `batch_dims`.
/// - Throws: when a coordinate lies outside its axis, or the shapes do not fit together.
public struct GatherND: Writable {
  public static let signature = OperatorSignature("GatherND", since: 11, operands: 2...2, numerics: .moves, gradient: .defined)
  private let batchAxes: Int

  public init(_ node: inout NodeReader) throws(OperatorError) {
    batchAxes = try node.int("batch_dims") ?? 0
    guard batchAxes >= 0 else { throw .attribute("attribute batch_dims must not be negative, and is \(batchAxes)") }
  }

  init() { batchAxes = 0 }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0), indices = try operands.indexTensor(1)
    guard let extents = try SliceRule.sliceShape(indices: indices.shape, of: x.shape, batchAxes: batchAxes) else {
      return [ValueType(x.elementType, .unknown)]
    }
    return [try Movement.resultType(x.elementType, extents)]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try SliceRule.coordinates(batchAxes: batchAxes).selection(operands[1], from: operands[0].shape).gather(operands[0], into: &results)
  }

  // MARK: Writing

  public func written(opset: Int) -> WrittenNode { WrittenNode("GatherND", ["batch_dims": .int(batchAxes)]) }

  // MARK: Gradient

  /// ∂X is ∂Y added where each slice came from.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0], step.wants[0] else { return [nil, nil] }
    let rule = SliceRule.coordinates(batchAxes: batchAxes)
    return [try graph.add(GatherAdjoint(rule, of: try step.shape(0)), seed, step.operand(1)), nil]
  }
}
