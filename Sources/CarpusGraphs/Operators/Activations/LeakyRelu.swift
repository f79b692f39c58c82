import CarpusTensors

/// `Y = X` where X ≥ 0, `alpha · X` elsewhere.
///
/// - Operands: `X`, floating-point, any shape.
public struct LeakyRelu: KernelMap, ElementwiseFunction {
  public static let signature = OperatorSignature("LeakyRelu", operands: 1...1, gradient: .defined)
  private let alpha: Double

  public init(_ node: inout NodeReader) throws(OperatorError) {
    alpha = Double(try node.float("alpha") ?? 0.01)
    node.ignore("consumed_inputs")
  }

  // MARK: Kernel

  var function: UnaryFunction { .leakyRelu(alpha: alpha) }

  // MARK: Gradient

  /// ∂X = ∂Y where X > 0, else alpha ∂Y; also at X = 0, as in PyTorch.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    [try graph.add(ElementwiseAdjoint(of: .leakyRelu(alpha: alpha)), seeds[0], step.operand(0))]
  }
}
