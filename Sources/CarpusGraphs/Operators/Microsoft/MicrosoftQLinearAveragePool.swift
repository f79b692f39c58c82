extension Microsoft {
  /// `AveragePool` of quantised numbers, quantised: each is `(q − zero) · scale`, halves are rounded to the even integer.
  ///
  /// - Operands: `X`, `xScale`, `xZero`, `yScale`, `yZero`. X and the zero points, which may be left out, are int8 or uint8.
  struct QLinearAveragePool: QuantizedFunction {
    static let signature = Microsoft.signature("QLinearAveragePool", operands: 4...5, gradient: .stops)
    let function: any Operator

    init(_ node: inout NodeReader) throws(OperatorError) {
      try node.refuseChannelsLast()
      function = try AveragePool(&node)
    }
  }
}

extension NodeReader {
  /// Refuses the order of axes with the channels at the end.
  mutating func refuseChannelsLast() throws(OperatorError) {
    guard try !flag("channels_last", default: false) else { throw .unsupported("attribute channels_last must be 0") }
  }
}
