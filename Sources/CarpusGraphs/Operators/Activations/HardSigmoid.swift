import CarpusTensors

/// `Y = min(max(alpha · X + beta, 0), 1)`
///
/// - Operands: `X`, floating-point, any shape.
public struct HardSigmoid: KernelMap {
  public static let signature = OperatorSignature("HardSigmoid", operands: 1...1, gradient: .defined)
  private let alpha: Double
  private let beta: Double

  public init(_ node: inout NodeReader) throws(OperatorError) {
    alpha = Double(try node.float("alpha") ?? 0.2)
    beta = Double(try node.float("beta") ?? 0.5)
    node.ignore("consumed_inputs")
  }

  public init(alpha: Double, beta: Double) {
    self.alpha = alpha
    self.beta = beta
  }

  // MARK: Kernel

  var function: UnaryFunction { .hardSigmoid(alpha: alpha, beta: beta) }

  // MARK: Gradient

  /// ∂X = alpha ∂Y where 0 < alpha X + beta < 1, else 0; also at both ends, as in PyTorch.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    [try graph.add(ElementwiseAdjoint(of: .hardSigmoid(alpha: alpha, beta: beta)), seeds[0], step.operand(0))]
  }
}
