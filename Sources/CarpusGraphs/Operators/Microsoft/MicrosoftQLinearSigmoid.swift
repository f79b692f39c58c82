extension Microsoft {
  /// `Sigmoid` of quantised numbers, quantised: each is `(q − zero) · scale`, halves are rounded to the even integer.
  ///
  /// - Operands: `X`, `xScale`, `xZero`, `yScale`, `yZero`. X and the zero points, which may be left out, are int8 or uint8.
  struct QLinearSigmoid: QuantizedFunction, Attributeless {
    static let signature = Microsoft.signature("QLinearSigmoid", operands: 4...5, gradient: .stops)
    let function: any Operator = Sigmoid()
  }
}
