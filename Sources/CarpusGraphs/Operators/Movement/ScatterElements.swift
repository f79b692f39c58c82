import CarpusTensors

/// `Y = X`, then `Y[i…, indices[i…, j, k…], k…] = updates[i…, j, k…]` in order, where j is along `axis`; with `reduction`, what
/// is there and the update are added, multiplied, or the larger or smaller is taken. Truth values are added and multiplied by or
/// and and.
///
/// - Operands: `X`, any type, rank r; `indices`, integers of rank r, along no other axis longer than `X`, negative ones count
///   from the end; `updates` of the shape of `indices`.
/// - Throws: when an index lies outside the axis, or the shapes do not fit together.
public struct ScatterElements: Writable {
  public static let signature = OperatorSignature("ScatterElements", since: 11, operands: 3...3, numerics: .moves, gradient: .defined)
  private let replacement: ElementReplacement

  public init(_ node: inout NodeReader) throws(OperatorError) {
    replacement = ElementReplacement(axis: try node.int("axis") ?? 0, reduction: try ScatterReduction(&node))
  }

  init(axis: Int, _ reduction: ScatterReduction) { replacement = ElementReplacement(axis: axis, reduction: reduction) }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try replacement.resultTypes(for: operands) }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try replacement.evaluate(operands, into: &results)
  }

  // MARK: Writing

  public func written(opset: Int) -> WrittenNode {
    let reduction = replacement.reduction
    guard reduction != .none else { return WrittenNode("ScatterElements", ["axis": .int(replacement.axis)], since: 11) }
    return WrittenNode(
      "ScatterElements", ["axis": .int(replacement.axis), "reduction": .string(reduction.rawValue)],
      since: reduction == .max || reduction == .min ? 18 : 16)
  }

  // MARK: Gradient

  /// See `ScatterAdjoint`.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    try replacement.pullback(step, seeds, in: &graph)
  }
}

/// What `ScatterElements` and its predecessor `Scatter` have in common.
struct ElementReplacement: Sendable {
  let axis: Int
  let reduction: ScatterReduction

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0), indices = try operands.indexTensor(1), updates = try operands.tensor(2)
    if let rank = x.shape.rank {
      try SliceRule.checkElements(indices: indices.shape, of: x.shape, axis: try Axes.resolved(axis, rank: rank))
    }
    guard updates.shape.agrees(with: indices.shape) else {
      throw .operands("updates of shape \(updates.shape) must have the shape of the indices, \(indices.shape)")
    }
    return [try Scattering.resultType(of: x, updates: updates, reduction)]
  }

  private func scattering(rank: Int) throws(OperatorError) -> Scattering {
    Scattering(rule: .elements(axis: try Axes.resolved(axis, rank: rank)), reduction: reduction)
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let x = operands[0]
    try scattering(rank: x.shape.rank).evaluate(x, operands[1], operands[2], into: &results)
  }

  func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    let gradients = try scattering(rank: try step.shape(0).rank).pullback(
      seeds[0], x: try step.operand(0), indices: try step.operand(1), updates: try step.operand(2), wants: (step.wants[0], step.wants[2]),
      in: &graph)
    return [gradients.x, nil, gradients.updates]
  }
}
