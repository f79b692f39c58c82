import CarpusTensors

/// `Y = X`, then `Y[indices[i…, :], …] = updates[i…, …]` in order; with `reduction`, what is there and the update are
/// added, multiplied, or the larger or smaller is taken. Truth values are added and multiplied by or and and.
///
/// - Operands: `X`, any type, rank r; `indices`, integers `[n…, k]` with k ≤ r, negative ones count from the end;
///   `updates` `[n…, extents of X from axis k on]`. Without a reduction no slice may be named twice (the last would count,
///   and all would get its gradient).
/// - Throws: when a coordinate lies outside its axis, or the shapes do not fit together.
public struct ScatterND: Writable {
  public static let signature = OperatorSignature("ScatterND", since: 11, operands: 3...3, numerics: .moves, gradient: .defined)
  private let scattering: Scattering

  public init(_ node: inout NodeReader) throws(OperatorError) {
    scattering = Scattering(rule: .coordinates(batchAxes: 0), reduction: try ScatterReduction(&node))
  }

  init(_ reduction: ScatterReduction) { scattering = Scattering(rule: .coordinates(batchAxes: 0), reduction: reduction) }

  /// Adds the updates to what is there.
  static let adding = ScatterND(.add)

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0), indices = try operands.indexTensor(1), updates = try operands.tensor(2)
    let slices = PartialShape(try SliceRule.sliceShape(indices: indices.shape, of: x.shape, batchAxes: 0))
    guard updates.shape.agrees(with: slices) else {
      throw .operands("updates of shape \(updates.shape) must have the shape of the slices, \(slices)")
    }
    return [try Scattering.resultType(of: x, updates: updates, scattering.reduction)]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try scattering.evaluate(operands[0], operands[1], operands[2], into: &results)
  }

  // MARK: Writing

  public func written(opset: Int) -> WrittenNode {
    let reduction = scattering.reduction
    guard reduction != .none else { return WrittenNode("ScatterND") }
    return WrittenNode("ScatterND", ["reduction": .string(reduction.rawValue)], since: reduction == .max || reduction == .min ? 18 : 16)
  }

  // MARK: Gradient

  /// See `ScatterAdjoint`.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    let gradients = try scattering.pullback(
      seeds[0], x: try step.operand(0), indices: try step.operand(1), updates: try step.operand(2), wants: (step.wants[0], step.wants[2]),
      in: &graph)
    return [gradients.x, nil, gradients.updates]
  }
}
