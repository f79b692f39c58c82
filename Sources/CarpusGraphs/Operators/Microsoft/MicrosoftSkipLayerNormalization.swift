extension Microsoft {
  /// `Y`: the `LayerNormalization` of `S = X + skip + bias` over the last axis.
  ///
  /// - Operands: `X` and `skip`, broadcast, floating-point; `gamma`; optionally `beta` and `bias`: `[extent of the last axis]`.
  /// - Results: `Y`; optionally the mean and `1 / √(variance + epsilon)`, and S.
  struct SkipLayerNormalization: Fused {
    static let signature = Microsoft.signature("SkipLayerNormalization", operands: 3...5, results: 1...4)
    private let epsilon: Float

    init(_ node: inout NodeReader) throws(OperatorError) { epsilon = try node.float("epsilon") ?? 1e-12 }

    func made(of operands: [Value?], _ infos: [OperandInfo], in graph: inout GraphBuilder) throws(OperatorError) -> [Value]? {
      let sum = try graph.skipped(operands, bias: 4)
      let parameters = [operands[2]] + (operands.count > 3 && operands[3] != nil ? [operands[3]] : [])
      let normalization = try LayerNormalization(["epsilon": .float(epsilon)], operandCount: 1 + parameters.count)
      return try graph.add(normalization, [sum] + parameters, results: 3) + [sum]
    }
  }
}

extension GraphBuilder {
  /// The sum of the first two operands and, if it is there, of the operand `bias`.
  mutating func skipped(_ operands: [Value?], bias: Int) throws(OperatorError) -> Value {
    let sum = try add(Add(), operands[0], operands[1])
    guard bias < operands.count, let bias = operands[bias] else { return sum }
    return try self.sum(sum, bias)
  }
}
