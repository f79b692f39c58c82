import CarpusTensors

/// `Y = (X − xZero) ∗ (W − wZero)` in int32: the convolution of `Conv`; the padding adds nothing.
///
/// - Operands: `X` `[N×C×…]` and `W` `[M×C/G×…]`, int8 or uint8; optionally `xZero`, one number, and `wZero`, one or M numbers, of their types.
/// - Throws: as `Conv`.
public struct ConvInteger: Viewing, Costed {
  public static let signature = OperatorSignature("ConvInteger", since: 10, operands: 2...4, gradient: .stops)
  private let convolution: IntegerConvolution

  public init(_ node: inout NodeReader) throws(OperatorError) { convolution = try IntegerConvolution(&node) }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    [ValueType(.int32, try convolution.shape(operands, x: 0, w: 1, xZero: 2, wZero: 3))]
  }

  // MARK: View

  func views(ofOperand index: Int, _ operands: [OperandInfo], result: Shape, number: Int) -> [AxisView]? {
    index == 0 ? convolution.views(operands, x: 0, w: 1) : nil
  }

  // MARK: Cost

  func multiplyAdds(_ operands: [OperandInfo], _ results: [ValueType]) -> Int? {
    convolution.multiplyAdds(operands.shape(1), results)
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let sums = try convolution.evaluate(
      operands[0], operands[1], xZero: operands.optional(2), wZero: operands.optional(3), into: &results)
    results.set(0, .tensor(sums))
  }

  // MARK: Gradient

  /// Integers have none.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { step.operands.map { _ in nil } }
}
