import CarpusTensors

/// `Y = 1 / (1 + exp -X)`
///
/// - Operands: `X`, floating-point, any shape.
public struct Sigmoid: ElementwiseFunction {
  public static let signature = OperatorSignature("Sigmoid", operands: 1...1, gradient: .defined)

  public init(_ node: inout NodeReader) throws(OperatorError) { node.ignore("consumed_inputs") }
  public init() {}

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try Elementwise.resultTypes(for: operands) }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    Elementwise.evaluate(.sigmoid, operands, into: &results)
  }

  func function(of operands: [OperandInfo]) -> UnaryFunction? { .sigmoid }

  // MARK: Gradient

  /// ∂X = Y (1 - Y) ∂Y
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    [try graph.add(ElementwiseAdjoint(of: .sigmoidOfResult), seeds[0], step.results[0])]
  }
}
