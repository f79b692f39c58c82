import CarpusTensors

/// The largest of the operands, broadcast; NaN where one of them is NaN.
///
/// - Operands: one or more of one numeric type.
public struct Max: Forwarding {
  public static let signature = OperatorSignature("Max", operands: 1...OperatorSignature.any, gradient: .defined)

  public init(_ node: inout NodeReader) throws(OperatorError) { node.ignore("consumed_inputs") }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try Arithmetic.resultTypes(for: operands) }

  public func forwarded(_ operands: [OperandInfo], as results: [ValueType]) -> [Int]? { operands.count == 1 ? [0] : nil }

  // MARK: Kernel

  private struct Larger: IntegerFunction {
    func apply<T: FixedWidthInteger>(_ a: T, _ b: T) -> T { max(a, b) }
  }

  private static let extremum = Extremum(function: .maximum, integer: Larger())

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try Self.extremum.evaluate(operands, into: &results)
  }

  // MARK: Gradient

  /// ∂Y goes to the operand that is the largest, in equal parts where several are.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    try Self.extremum.pullback(step, seeds, in: &graph)
  }
}
