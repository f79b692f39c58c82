extension Microsoft {
  /// `LeakyRelu` of quantised numbers, quantised: each is `(q − zero) · scale`, halves are rounded to the even integer.
  ///
  /// - Operands: `X`, `xScale`, `xZero`, `yScale`, `yZero`. X and the zero points, which may be left out, are int8 or uint8.
  struct QLinearLeakyRelu: QuantizedFunction {
    static let signature = Microsoft.signature("QLinearLeakyRelu", operands: 4...5, gradient: .stops)
    let function: any Operator

    init(_ node: inout NodeReader) throws(OperatorError) { function = try LeakyRelu(&node) }
  }
}
