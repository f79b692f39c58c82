import CarpusTensors

/// `Y = ln X`
///
/// - Operands: `X`, floating-point, any shape.
public struct Log: KernelMap, PlainlyWritable, OnceConsuming {
  public static let signature = OperatorSignature("Log", operands: 1...1, gradient: .defined)

  public init() {}

  // MARK: Kernel

  var function: UnaryFunction { .log }

  // MARK: Gradient

  /// ∂X = ∂Y / X
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil] }
    return [try graph.quotient(seed, step.operand(0))]
  }
}
