extension Microsoft {
  /// `Y = (X − zeroPoint) · scale`: the standard's `DequantizeLinear`, with one scale or one for each position along `axis`.
  ///
  /// - Operands: `X`, `scale`, optionally `zeroPoint`.
  struct DequantizeLinear: Renamed {
    static let signature = Microsoft.signature("DequantizeLinear", operands: 2...3)
    let standard: any Operator

    init(_ node: inout NodeReader) throws(OperatorError) {
      standard = try CarpusGraphs.DequantizeLinear(["axis": .int(try node.int("axis") ?? 1)], operandCount: node.operandCount)
    }
  }
}
