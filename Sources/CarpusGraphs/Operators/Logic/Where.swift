import CarpusTensors

/// `Y = A` where the condition is true, `B` elsewhere; all three broadcast.
///
/// - Operands: `condition`, truth values; `A`, `B` of one type, any.
public struct Where: Pointwise, PlainlyWritable, Attributeless {
  public static let signature = OperatorSignature("Where", since: 9, operands: 3...3, numerics: .moves, gradient: .defined)

  public init() {}

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let condition = try operands.tensor(0), a = try operands.tensor(1), b = try operands.tensor(2)
    guard condition.elementType == .bool else { throw .operands("the condition must be truth values, not \(condition.elementType)") }
    guard a.elementType == b.elementType else {
      throw .operands("what is chosen from must have one element type, not \(a.elementType) and \(b.elementType)")
    }
    return [ValueType(a.elementType, try Broadcasting.shape(condition.shape, Broadcasting.shape(a.shape, b.shape)))]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let condition = operands[0], a = operands[1], b = operands[2], team = results.team
    _ = try resultTypes(for: operands.infos)
    guard let broadcast = Broadcast(condition.shape, a.shape, b.shape) else {
      throw .unsupported("shapes \(condition.shape), \(a.shape) and \(b.shape) broadcast over too many axes or elements")
    }
    func select<T: TensorElement>(_ type: T.Type) {
      var y = results.elements(0, as: T.self)
      Kernels.select(condition.elements(), a.elements(T.self), b.elements(T.self), broadcast, into: &y, team: team)
    }
    guard let type = a.elementType.swiftType else { throw .unsupported("no choice between elements of \(a.elementType) here") }
    select(type)
  }

  // MARK: Gradient

  /// ∂A = ∂Y where the condition is true, ∂B = ∂Y elsewhere; 0 otherwise. Summed over stretched axes.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil, nil, nil] }
    let condition = try step.operand(0), zero = try graph.scalar(0, like: seed)
    return [
      nil,
      step.wants[1] ? try graph.summed(graph.add(Where(), condition, seed, zero), to: step.shape(1)) : nil,
      step.wants[2] ? try graph.summed(graph.add(Where(), condition, zero, seed), to: step.shape(2)) : nil,
    ]
  }
}
