extension Microsoft {
  /// `Y = x/2 (1 + tanh(√(2/π) (x + 0.044715 x³)))` with `x = X + bias`.
  ///
  /// - Operands: `X` and optionally `bias`, broadcast, floating-point.
  struct FastGelu: Fused, Attributeless {
    static let signature = Microsoft.signature("FastGelu", operands: 1...2)

    func made(of operands: [Value?], _ infos: [OperandInfo], in graph: inout GraphBuilder) throws(OperatorError) -> [Value]? {
      let x = infos.isPresent(1) ? try graph.add(Add(), operands[0], operands[1]) : operands[0]
      return [try graph.add(CarpusGraphs.Gelu.self, ["approximate": .string("tanh")], x)]
    }
  }
}
