extension Microsoft {
  /// `Y = (A + B) Φ(A + B)` with the normal distribution function Φ.
  ///
  /// - Operands: `A` and `B`, broadcast, floating-point.
  struct BiasGelu: Fused, Attributeless {
    static let signature = Microsoft.signature("BiasGelu", operands: 2...2)

    func made(of operands: [Value?], _ infos: [OperandInfo], in graph: inout GraphBuilder) throws(OperatorError) -> [Value]? {
      [try graph.add(CarpusGraphs.Gelu(), graph.add(Add(), operands[0], operands[1]))]
    }
  }
}
