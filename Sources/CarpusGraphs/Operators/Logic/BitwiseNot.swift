import CarpusTensors

/// `Y = ¬X` bit by bit.
///
/// - Operands: `X`, integers of any shape.
public struct BitwiseNot: Pointwise, Attributeless {
  public static let signature = OperatorSignature("BitwiseNot", since: 18, operands: 1...1, gradient: .stops)

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try Bits.resultTypes(for: operands) }

  // MARK: Kernel

  private struct Complement: IntegerMap {
    func apply<T: FixedWidthInteger>(_ x: T) -> T { ~x }
  }

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    Elementwise.integral(Complement(), operands, into: &results)
  }

  // MARK: Gradient

  /// Integers have no derivative.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil] }
}
