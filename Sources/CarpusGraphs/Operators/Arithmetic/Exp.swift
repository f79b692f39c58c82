import CarpusTensors

/// `Y = exp X`
///
/// - Operands: `X`, floating-point, any shape.
public struct Exp: KernelMap, PlainlyWritable, OnceConsuming {
  public static let signature = OperatorSignature("Exp", operands: 1...1, gradient: .defined)

  public init() {}

  // MARK: Kernel

  var function: UnaryFunction { .exp }

  // MARK: Gradient

  /// ∂X = Y ∂Y
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil] }
    return [try graph.product(seed, step.results[0])]
  }
}
