extension Microsoft {
  /// `GlobalAveragePool` of quantised numbers, quantised: each is `(q − zero) · scale`, halves are rounded to the even integer.
  ///
  /// - Operands: `X`, `xScale`, `xZero`, `yScale`, `yZero`. X and the zero points, which may be left out, are int8 or uint8.
  struct QLinearGlobalAveragePool: QuantizedFunction {
    static let signature = Microsoft.signature("QLinearGlobalAveragePool", operands: 4...5, gradient: .stops)
    let function: any Operator

    init(_ node: inout NodeReader) throws(OperatorError) {
      try node.refuseChannelsLast()
      function = try GlobalAveragePool(&node)
    }
  }
}
