import CarpusTensors

/// `Y = ln(1 + exp X)`
///
/// - Operands: `X`, floating-point, any shape.
public struct Softplus: Operator {
  public static let signature = OperatorSignature("Softplus", operands: 1...1, gradient: .defined)

  public init(_ node: inout NodeReader) throws(OperatorError) {}
  public init() {}

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try Elementwise.resultTypes(for: operands) }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    Elementwise.evaluate(.softplus, operands, into: &results)
  }

  // MARK: Gradient

  /// ∂X = ∂Y / (1 + exp -X)
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil] }
    return [try graph.product(seed, graph.add(Sigmoid(), step.operand(0)))]
  }
}
