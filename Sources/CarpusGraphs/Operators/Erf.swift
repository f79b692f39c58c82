import CarpusTensors

/// `Y = erf X = 2/√π ∫₀ˣ exp -t² dt`
///
/// - Operands: `X`, floating-point, any shape.
public struct Erf: Operator {
  public static let signature = OperatorSignature("Erf", since: 9, operands: 1...1, gradient: .defined)

  public init(_ node: inout NodeReader) throws(OperatorError) {}
  public init() {}

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try Elementwise.resultTypes(for: operands) }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    Elementwise.evaluate(.erf, operands, into: &results)
  }

  // MARK: Gradient

  /// ∂X = 2/√π exp(-X²) ∂Y
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil] }
    let x = try step.operand(0)
    let bell = try graph.add(Exp(), graph.negated(graph.product(x, x)))
    return [try graph.product(seed, graph.scaled(bell, by: 2 / Double.pi.squareRoot()))]
  }
}
