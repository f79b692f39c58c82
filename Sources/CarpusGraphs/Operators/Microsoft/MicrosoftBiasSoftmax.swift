extension Microsoft {
  /// The softmax of `X + bias` over all axes from `axis` on, taken as one.
  ///
  /// - Operands: `X`, floating-point; `bias`, which broadcasts to it.
  struct BiasSoftmax: Fused {
    static let signature = Microsoft.signature("BiasSoftmax", operands: 2...2)
    private let axis: Int

    init(_ node: inout NodeReader) throws(OperatorError) {
      axis = try node.int("axis") ?? 1
      // It tells a kernel where the bias repeats; its shape says so already.
      node.ignore("is_inner_broadcast")
    }

    func made(of operands: [Value?], _ infos: [OperandInfo], in graph: inout GraphBuilder) throws(OperatorError) -> [Value]? {
      [try graph.add(Softmax(["axis": .int(axis)], operandCount: 1, opset: 11), graph.add(Add(), operands[0], operands[1]))]
    }
  }
}
