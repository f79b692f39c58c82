extension Microsoft {
  /// `Y = S / √(mean S² + epsilon) · gamma` with `S = X + skip + bias`, the mean over the last axis.
  ///
  /// - Operands: `X` and `skip`, broadcast, floating-point; `gamma` and optionally `bias`: `[extent of the last axis]`.
  /// - Results: `Y`; optionally the mean of S, the factor `1 / √(mean S² + epsilon)`, and S.
  struct SkipSimplifiedLayerNormalization: Fused {
    static let signature = Microsoft.signature("SkipSimplifiedLayerNormalization", operands: 3...4, results: 1...4)
    private let epsilon: Double

    init(_ node: inout NodeReader) throws(OperatorError) { epsilon = Double(try node.float("epsilon") ?? 1e-12) }

    func made(of operands: [Value?], _ infos: [OperandInfo], in graph: inout GraphBuilder) throws(OperatorError) -> [Value]? {
      guard let gamma = operands[2] else { throw .operands("operand 2 is missing") }
      let sum = try graph.skipped(operands, bias: 3)
      guard let normalized = try graph.rootMeanSquareNormalized(sum, scale: gamma, axis: -1, epsilon: epsilon) else { return nil }
      let mean = try graph.add(ReduceMean.self, ["axes": .ints([-1])], sum)
      return [normalized.y, mean, normalized.factor, sum]
    }
  }
}
