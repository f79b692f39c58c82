import CarpusTensors

/// `Y = 1 / X`
///
/// - Operands: `X`, floating-point, any shape.
public struct Reciprocal: KernelMap, PlainlyWritable, OnceConsuming {
  public static let signature = OperatorSignature("Reciprocal", operands: 1...1, gradient: .defined)

  public init() {}

  // MARK: Kernel

  var function: UnaryFunction { .reciprocal }

  // MARK: Gradient

  /// ∂X = -Y² ∂Y
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil] }
    let y = step.results[0]
    return [try graph.negated(graph.product(seed, graph.product(y, y)))]
  }
}
