import CarpusTensors

/// `Y = 1 / X`
///
/// - Operands: `X`, floating-point, any shape.
public struct Reciprocal: Operator {
  public static let signature = OperatorSignature("Reciprocal", operands: 1...1, gradient: .defined)

  public init(_ node: inout NodeReader) throws(OperatorError) { node.ignore("consumed_inputs") }
  public init() {}

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try Elementwise.resultTypes(for: operands) }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    Elementwise.evaluate(.reciprocal, operands, into: &results)
  }

  // MARK: Gradient

  /// ∂X = -Y² ∂Y
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil] }
    let y = step.results[0]
    return [try graph.negated(graph.product(seed, graph.product(y, y)))]
  }
}
