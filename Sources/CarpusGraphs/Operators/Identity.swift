import CarpusTensors

/// `Y = X`.
///
/// - Operands: `X`, a tensor of any type and shape, or a sequence.
public struct Identity: Forwarding {
  public static let signature = OperatorSignature("Identity", operands: 1...1, numerics: .moves, gradient: .defined)

  public init(_ node: inout NodeReader) throws(OperatorError) {}

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    guard let type = operands[0].type else { throw .operands("operand 0 is missing") }
    return [type]
  }

  public func forwarded(_ operands: [OperandInfo], as results: [ValueType]) -> [Int]? { [0] }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    if case .sequence? = operands.infos[0].type {
      results.setSequence(0, operands.sequence(0))
    } else {
      results.copyElements(of: operands[0])
    }
  }

  // MARK: Gradient

  /// ∂X = ∂Y.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [seeds[0]] }
}
