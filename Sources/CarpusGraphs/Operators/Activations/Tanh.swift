import CarpusTensors

/// `Y = tanh X`
///
/// - Operands: `X`, floating-point, any shape.
public struct Tanh: KernelMap, PlainlyWritable, OnceConsuming {
  public static let signature = OperatorSignature("Tanh", operands: 1...1, gradient: .defined)

  public init() {}

  // MARK: Kernel

  var function: UnaryFunction { .tanh }

  // MARK: Gradient

  /// ∂X = (1 - Y²) ∂Y
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    [try graph.add(ElementwiseAdjoint(of: .tanhOfResult), seeds[0], step.results[0])]
  }
}
