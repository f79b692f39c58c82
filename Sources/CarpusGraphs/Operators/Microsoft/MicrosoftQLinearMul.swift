extension Microsoft {
  /// `A · B` of quantised numbers, quantised: each is `(q − zero) · scale`, halves are rounded to the even integer.
  ///
  /// - Operands: `A`, `aScale`, `aZero`, `B`, `bScale`, `bZero`, `yScale`, `yZero`. A, B (broadcast) and the zero points, which may be left out, are int8 or uint8.
  struct QLinearMul: QuantizedBinaryFunction, Attributeless {
    static let signature = Microsoft.signature("QLinearMul", operands: 7...8, gradient: .stops)
    let function: any Operator = Mul()
  }
}
