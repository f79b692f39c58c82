import CarpusTensors

/// `Y = X · h(X)` with `h(X) = min(max(X/6 + 1/2, 0), 1)`.
///
/// - Operands: `X`, floating-point, any shape.
public struct HardSwish: ElementwiseFunction {
  public static let signature = OperatorSignature("HardSwish", since: 14, operands: 1...1, gradient: .defined)

  public init(_ node: inout NodeReader) throws(OperatorError) {}

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try Elementwise.resultTypes(for: operands) }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    Elementwise.evaluate(.hardSwish, operands, into: &results)
  }

  func function(of operands: [OperandInfo]) -> UnaryFunction? { .hardSwish }

  // MARK: Gradient

  /// ∂X = (X/3 + 1/2) ∂Y between -3 and 3, 0 up to -3 and ∂Y from 3, both ends included, as in PyTorch.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    [try graph.add(ElementwiseAdjoint(of: .hardSwish), seeds[0], step.operand(0))]
  }
}
