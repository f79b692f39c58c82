import CarpusTensors

/// `Y = max(X, 0)`; NaN stays NaN.
///
/// - Operands: `X`, any numeric type and shape.
public struct Relu: ElementwiseFunction {
  public static let signature = OperatorSignature("Relu", operands: 1...1, gradient: .defined)

  public init(_ node: inout NodeReader) throws(OperatorError) { node.ignore("consumed_inputs") }
  public init() {}

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    try Elementwise.numericResultTypes(for: operands)
  }

  // MARK: Kernel

  private struct Positive: IntegerMap {
    func apply<T: FixedWidthInteger>(_ x: T) -> T { max(x, 0) }
  }

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    Elementwise.evaluate(.relu, integer: Positive(), operands, into: &results)
  }

  func function(of operands: [OperandInfo]) -> UnaryFunction? { .relu }

  // MARK: Gradient

  /// ∂X = ∂Y where X > 0, which is where Y > 0, else 0; also at X = 0, as in PyTorch.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    [try graph.add(ElementwiseAdjoint(of: .relu), seeds[0], step.results[0])]
  }
}
