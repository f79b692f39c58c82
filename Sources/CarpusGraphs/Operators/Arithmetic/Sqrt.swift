import CarpusTensors

/// `Y = √X`
///
/// - Operands: `X`, floating-point, any shape.
public struct Sqrt: KernelMap, PlainlyWritable, OnceConsuming {
  public static let signature = OperatorSignature("Sqrt", operands: 1...1, gradient: .defined)

  public init() {}

  // MARK: Kernel

  var function: UnaryFunction { .sqrt }

  // MARK: Gradient

  /// ∂X = ∂Y / 2Y
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil] }
    return [try graph.quotient(seed, graph.scaled(step.results[0], by: 2))]
  }
}
