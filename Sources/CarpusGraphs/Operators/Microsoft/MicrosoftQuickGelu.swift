extension Microsoft {
  /// `Y = X / (1 + exp(−alpha · X))`; alpha is 1.702 by default.
  ///
  /// - Operands: `X`, floating-point.
  struct QuickGelu: Fused {
    static let signature = Microsoft.signature("QuickGelu", operands: 1...1)
    private let alpha: Double

    init(_ node: inout NodeReader) throws(OperatorError) { alpha = Double(try node.float("alpha") ?? 1.702) }

    func made(of operands: [Value?], _ infos: [OperandInfo], in graph: inout GraphBuilder) throws(OperatorError) -> [Value]? {
      guard let x = operands[0] else { throw .operands("operand 0 is missing") }
      return [try graph.product(x, graph.add(Sigmoid(), graph.scaled(x, by: alpha)))]
    }
  }
}
