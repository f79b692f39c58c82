import CarpusTensors

/// `Y = √X`
///
/// - Operands: `X`, floating-point, any shape.
public struct Sqrt: Operator {
  public static let signature = OperatorSignature("Sqrt", operands: 1...1, gradient: .defined)

  public init(_ node: inout NodeReader) throws(OperatorError) { node.ignore("consumed_inputs") }
  public init() {}

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try Elementwise.resultTypes(for: operands) }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    Elementwise.evaluate(.sqrt, operands, into: &results)
  }

  // MARK: Gradient

  /// ∂X = ∂Y / 2Y
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil] }
    return [try graph.quotient(seed, graph.scaled(step.results[0], by: 2))]
  }
}
