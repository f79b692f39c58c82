extension Microsoft {
  /// `Y = saturate(round(X / scale) + zeroPoint)`: the standard's `QuantizeLinear`, with one scale or one for each position along `axis`.
  ///
  /// - Operands: `X`, `scale`, optionally `zeroPoint`.
  struct QuantizeLinear: Renamed {
    static let signature = Microsoft.signature("QuantizeLinear", operands: 2...3, gradient: .stops)
    let standard: any Operator

    init(_ node: inout NodeReader) throws(OperatorError) {
      standard = try CarpusGraphs.QuantizeLinear(["axis": .int(try node.int("axis") ?? 1)], operandCount: node.operandCount)
    }
  }
}
