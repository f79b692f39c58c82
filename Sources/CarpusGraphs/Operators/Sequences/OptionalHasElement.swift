public import CarpusTensors

/// Whether an optional value holds something, a truth value; since version 18 false where the operand is left out, and true for any other value.
///
/// - Operands: an optional value, a tensor or a sequence; may be left out.
public struct OptionalHasElement: Inspecting, Attributeless {
  public static let signature = OperatorSignature("OptionalHasElement", since: 15, operands: 0...1, numerics: .exact, gradient: .stops)

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) -> [ValueType] { [ValueType(.bool, Shape([]))] }

  public func inspected(_ operands: [OperandInfo]) -> Tensor? {
    guard operands.isPresent(0), let type = operands[0].type else { return Tensor(scalar: false) }
    guard case .optional = type else { return Tensor(scalar: true) }
    guard case .optional(let value, _)? = operands[0].known else { return nil }
    return Tensor(scalar: value != nil)
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    if let answer = inspected(operands.infos) { results.set(0, .tensor(answer)) }
  }

  // MARK: Gradient

  /// A truth value has none.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { step.operands.map { _ in nil } }
}
