import CarpusTensors

/// `Y = tanh X`
///
/// - Operands: `X`, floating-point, any shape.
public struct Tanh: Operator {
  public static let signature = OperatorSignature("Tanh", operands: 1...1, gradient: .defined)

  public init(_ node: inout NodeReader) throws(OperatorError) { node.ignore("consumed_inputs") }
  public init() {}

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try Elementwise.resultTypes(for: operands) }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    Elementwise.evaluate(.tanh, operands, into: &results)
  }

  // MARK: Gradient

  /// ∂X = (1 - Y²) ∂Y
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    [try graph.add(ElementwiseAdjoint(of: .tanhOfResult), seeds[0], step.results[0])]
  }
}
