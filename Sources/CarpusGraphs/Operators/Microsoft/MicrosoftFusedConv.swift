extension Microsoft {
  /// `Y = f(X ∗ W + B + Z)`: a convolution as `Conv`, a residual and the function `activation`.
  ///
  /// - Operands: `X`, `W`, optionally `B` as of `Conv`, and `Z`, which broadcasts to the result.
  struct FusedConv: Fused {
    static let signature = Microsoft.signature("FusedConv", operands: 2...4)
    private let conv: Conv
    private let activation: FusedActivation

    init(_ node: inout NodeReader) throws(OperatorError) {
      conv = try Conv(&node)
      activation = try FusedActivation(list: &node)
    }

    func made(of operands: [Value?], _ infos: [OperandInfo], in graph: inout GraphBuilder) throws(OperatorError) -> [Value]? {
      var y = try graph.add(conv, Array(operands.prefix(3)), results: 1)[0]
      if operands.count > 3, let residual = operands[3] { y = try graph.sum(y, residual) }
      return [try activation.apply(to: y, in: &graph)]
    }
  }
}
