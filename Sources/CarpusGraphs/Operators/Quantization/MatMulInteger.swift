import CarpusTensors

/// `Y = (A − aZero) · (B − bZero)` in int32, as `MatMul`.
///
/// - Operands: `A` `[…, m, k]` and `B` `[…, k, n]`, int8 or uint8; optionally `aZero`, one number or one for each row of A (`[m]` or `[…, m, 1]`),
///   and `bZero`, one number or one for each column of B (`[n]` or `[…, 1, n]`), of their types.
public struct MatMulInteger: Costed, Attributeless {
  public static let signature = OperatorSignature("MatMulInteger", since: 10, operands: 2...4, gradient: .stops)

  init() {}

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    try Quantization.check(operands, 0, "A", Quantization.isByte, "int8 or uint8")
    try Quantization.check(operands, 1, "B", Quantization.isByte, "int8 or uint8")
    try Quantization.checkZeroPoint(operands, 2, of: 0)
    try Quantization.checkZeroPoint(operands, 3, of: 1)
    return [ValueType(.int32, try IntegerMatrixProduct.shape(operands.tensor(0).shape, operands.tensor(1).shape))]
  }

  // MARK: Cost

  func multiplyAdds(_ operands: [OperandInfo], _ results: [ValueType]) -> Int? { IntegerMatrixProduct.multiplyAdds(operands.shape(0), results) }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let sums = try IntegerMatrixProduct.evaluate(
      operands[0], operands[1], aZero: operands.optional(2), bZero: operands.optional(3), into: &results)
    results.set(0, .tensor(sums))
  }

  // MARK: Gradient

  /// Integers have none.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { step.operands.map { _ in nil } }
}
