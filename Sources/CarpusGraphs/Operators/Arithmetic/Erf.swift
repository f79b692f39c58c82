import CarpusTensors

/// `Y = erf X = 2/√π ∫₀ˣ exp -t² dt`
///
/// - Operands: `X`, floating-point, any shape.
public struct Erf: KernelMap, PlainlyWritable, Attributeless {
  public static let signature = OperatorSignature("Erf", since: 9, operands: 1...1, gradient: .defined)

  public init() {}

  // MARK: Kernel

  var function: UnaryFunction { .erf }

  // MARK: Gradient

  /// ∂X = 2/√π exp(-X²) ∂Y
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil] }
    let x = try step.operand(0)
    let bell = try graph.add(Exp(), graph.negated(graph.product(x, x)))
    return [try graph.product(seed, graph.scaled(bell, by: 2 / Double.pi.squareRoot()))]
  }
}
