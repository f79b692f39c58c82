import CarpusTensors

extension Microsoft {
  /// Quantised tensors, one after the other along `axis`, quantised in common.
  ///
  /// - Operands: `yScale`, `yZero`, and for each tensor itself, its scale and its zero point.
  struct QLinearConcat: Fused {
    static let signature = Microsoft.signature("QLinearConcat", operands: 3...OperatorSignature.any, gradient: .stops)
    private let axis: Int

    init(_ node: inout NodeReader) throws(OperatorError) {
      axis = try node.int(required: "axis")
      guard node.operandCount % 3 == 2 else { throw .operands("each tensor must have a scale and a zero point") }
    }

    func made(of operands: [Value?], _ infos: [OperandInfo], in graph: inout GraphBuilder) throws(OperatorError) -> [Value]? {
      guard operands.count % 3 == 2 else { throw .operands("each tensor must have a scale and a zero point") }
      var parts: [Value?] = []
      for index in stride(from: 2, to: operands.count, by: 3) { parts.append(try graph.dequantized(operands, at: index)) }
      return [try graph.quantized(graph.add(Concat(axis: axis), parts, results: 1)[0], operands, at: 0, like: 2)]
    }

    /// The result has the type of the first tensor, not that of operand 0.
    func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
      var graph = GraphBuilder()
      var values: [Value?] = []
      for (index, info) in operands.enumerated() { values.append(info.type.map { graph.input("\(index)", $0) }) }
      return try made(of: values, operands, in: &graph)?.map(graph.type) ?? []
    }
  }
}
