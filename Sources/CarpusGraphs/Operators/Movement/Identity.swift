import CarpusTensors

/// `Y = X`.
///
/// - Operands: `X`, of any type.
public struct Identity: Forwarding, Pointwise, Attributeless {
  public static let signature = OperatorSignature("Identity", operands: 1...1, numerics: .moves, gradient: .defined)

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    guard let type = operands[0].type else { throw .operands("operand 0 is missing") }
    return [type]
  }

  public func forwarded(_ operands: [OperandInfo], as results: [ValueType]) -> [Int]? { [0] }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    if let value = operands.value(0) { results.set(0, value) }
  }

  // MARK: Gradient

  /// ∂X = ∂Y.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [seeds[0]] }
}
