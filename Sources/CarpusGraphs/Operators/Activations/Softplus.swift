import CarpusTensors

/// `Y = ln(1 + exp X)`
///
/// - Operands: `X`, floating-point, any shape.
public struct Softplus: KernelMap, PlainlyWritable, Attributeless {
  public static let signature = OperatorSignature("Softplus", operands: 1...1, gradient: .defined)

  public init() {}

  // MARK: Kernel

  var function: UnaryFunction { .softplus }

  // MARK: Gradient

  /// ∂X = ∂Y / (1 + exp -X)
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil] }
    return [try graph.product(seed, graph.add(Sigmoid(), step.operand(0)))]
  }
}
