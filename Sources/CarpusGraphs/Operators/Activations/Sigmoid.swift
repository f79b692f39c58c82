import CarpusTensors

/// `Y = 1 / (1 + exp -X)`
///
/// - Operands: `X`, floating-point, any shape.
public struct Sigmoid: KernelMap, ElementwiseFunction, PlainlyWritable, OnceConsuming {
  public static let signature = OperatorSignature("Sigmoid", operands: 1...1, gradient: .defined)

  public init() {}

  // MARK: Kernel

  var function: UnaryFunction { .sigmoid }

  // MARK: Gradient

  /// ∂X = Y (1 - Y) ∂Y
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    [try graph.add(ElementwiseAdjoint(of: .sigmoidOfResult), seeds[0], step.results[0])]
  }
}
