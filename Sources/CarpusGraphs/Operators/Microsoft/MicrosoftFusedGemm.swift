extension Microsoft {
  /// `Y = f(alpha · A' · B' + beta · C)`: the product of `Gemm` and the function `activation`.
  ///
  /// - Operands: as of `Gemm`.
  struct FusedGemm: Fused {
    static let signature = Microsoft.signature("FusedGemm", operands: 2...3)
    private let gemm: Gemm
    private let activation: FusedActivation

    init(_ node: inout NodeReader) throws(OperatorError) {
      gemm = try Gemm(&node)
      activation = try FusedActivation(named: &node)
    }

    func made(of operands: [Value?], _ infos: [OperandInfo], in graph: inout GraphBuilder) throws(OperatorError) -> [Value]? {
      [try activation.apply(to: try graph.add(gemm, operands, results: 1)[0], in: &graph)]
    }
  }
}
