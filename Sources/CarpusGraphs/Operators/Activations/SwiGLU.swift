import CarpusTensors

/// `Y = Swish(A) · B` with `Swish(A) = A / (1 + exp(-alpha · A))`
///
/// - Operands: the gate `A` and the values `B`, floating-point, of one type and shape.
public struct SwiGLU: Operator {
  public static let signature = OperatorSignature("SwiGLU", since: 28, operands: 2...2, gradient: .defined)
  private let swish: Swish

  public init(_ node: inout NodeReader) throws(OperatorError) { swish = try Swish(&node) }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    _ = try operands.floatingTensor(0)
    return try Arithmetic.resultTypes(for: operands, broadcasts: false)
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    swish.evaluate(operands, into: &results)
    func scale<T: KernelScalar>(_ type: T.Type) {
      let b = operands[1].elements(T.self)
      var y = results.elements(0, as: T.self)
      for index in y.indices { y[index] *= b[index] }
    }
    results.elementType(0) == .float64 ? scale(Double.self) : scale(Float.self)
  }

  // MARK: Gradient

  /// ∂A is that of Swish for the seed B ∂Y; ∂B = Swish(A) ∂Y.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil, nil] }
    let gate = try step.operand(0)
    return [
      step.wants[0] ? try swish.pullback(step, [graph.product(seed, step.operand(1))], in: &graph)[0] : nil,
      step.wants[1] ? try graph.product(seed, graph.add(swish, gate)) : nil,
    ]
  }
}
