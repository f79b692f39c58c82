import CarpusTensors

/// `Y = saturate(round((A − aZero) · (B − bZero) · aScale · bScale / yScale) + yZero)`: the matrix product of `MatMul` on 8-bit integers, summed in
/// int32, or on float8. Halves are rounded to the even integer.
///
/// - Operands: `A`, `aScale`, `aZero`, `B`, `bScale`, `bZero`, `yScale`, `yZero`. The parameters of A are one number or one for each row
///   (`[m]` or `[…, m, 1]`), those of B one number or one for each column (`[n]` or `[…, 1, n]`), those of Y one number.
public struct QLinearMatMul: Costed, Attributeless {
  public static let signature = OperatorSignature("QLinearMatMul", since: 10, operands: 8...8, numerics: .exact, gradient: .stops)

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let allowed = { (type: ElementType) in Quantization.isByte(type) || (Quantization.isQuantized(type) && CompactFloat(type)?.exponentBits ?? 0 > 3) }
    for (index, name) in [(0, "A"), (3, "B"), (7, "the zero point of the result")] {
      _ = try operands.tensor(index)
      try Quantization.check(operands, index, name, allowed, "int8, uint8 or float8")
    }
    let a = try operands.tensor(0), b = try operands.tensor(3)
    guard a.elementType.isInteger == b.elementType.isInteger else { throw .operands("integers cannot be multiplied by float8 here") }
    for index in [1, 4, 6] { _ = try operands.floatingTensor(index) }
    try Quantization.checkZeroPoint(operands, 2, of: 0)
    try Quantization.checkZeroPoint(operands, 5, of: 3)
    return [ValueType(try operands.tensor(7).elementType, try IntegerMatrixProduct.shape(a.shape, b.shape))]
  }

  // MARK: Cost

  func multiplyAdds(_ operands: [OperandInfo], _ results: [ValueType]) -> Int? { IntegerMatrixProduct.multiplyAdds(operands.shape(0), results) }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let sums = try IntegerMatrixProduct.evaluate(
      operands[0], operands[3], aZero: operands.optional(2), bZero: operands.optional(5), into: &results)
    let scales = (IntegerMatrixProduct.alongRows(operands[1]), IntegerMatrixProduct.alongColumns(operands[4]), operands[6])
    results.set(0, .tensor(try Quantization.requantized(sums, scales: scales, zeroPoint: operands[7], team: results.team)))
  }

  // MARK: Gradient

  /// Rounding has no derivative to speak of.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { step.operands.map { _ in nil } }
}
