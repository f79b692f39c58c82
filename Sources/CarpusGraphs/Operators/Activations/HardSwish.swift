import CarpusTensors

/// `Y = X · h(X)` with `h(X) = min(max(X/6 + 1/2, 0), 1)`.
///
/// - Operands: `X`, floating-point, any shape.
public struct HardSwish: KernelMap, ElementwiseFunction, Attributeless {
  public static let signature = OperatorSignature("HardSwish", since: 14, operands: 1...1, gradient: .defined)

  // MARK: Kernel

  var function: UnaryFunction { .hardSwish }

  // MARK: Gradient

  /// ∂X = (X/3 + 1/2) ∂Y between -3 and 3, 0 up to -3 and ∂Y from 3, both ends included, as in PyTorch.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    [try graph.add(ElementwiseAdjoint(of: .hardSwish), seeds[0], step.operand(0))]
  }
}
