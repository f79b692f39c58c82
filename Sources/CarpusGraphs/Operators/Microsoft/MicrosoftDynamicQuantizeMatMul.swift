extension Microsoft {
  /// `Y = A' · (B − bZero) · bScale + bias`, where A' is A quantised as `DynamicQuantizeLinear` does.
  ///
  /// - Operands: `A` float32; `B` int8 or uint8; `bScale`, and optionally `bZero`, one number or one for each column; optionally `bias`.
  ///   Rounding lets no gradient flow back to `A`.
  struct DynamicQuantizeMatMul: Fused, Attributeless {
    static let signature = Microsoft.signature("DynamicQuantizeMatMul", operands: 3...5)

    func made(of operands: [Value?], _ infos: [OperandInfo], in graph: inout GraphBuilder) throws(OperatorError) -> [Value]? {
      let a = try graph.add(DynamicQuantizeLinear(), [operands.optional(0)], results: 3)
      return [
        try graph.integerProduct(
          a[0], operands.optional(1), scales: (a[1], operands.optional(2)), zeros: (a[2], operands.optional(3)),
          bias: operands.optional(4))
      ]
    }
  }
}
