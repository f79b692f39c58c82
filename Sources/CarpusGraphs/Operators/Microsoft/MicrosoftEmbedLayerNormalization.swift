import CarpusTensors

extension Microsoft {
  /// `Y`: the `LayerNormalization` over the last axis of the sum of the rows of three tables: that of each word, of its position and of its segment.
  ///
  /// - Operands: the numbers of the words `[N×L]` and optionally of the segments `[N×L]`, integers; the tables of words, positions and (optionally) segments; `gamma` and
  ///   `beta`; optionally a mask `[N×L]`, int32, and the positions `[N×L]` or `[1×L]`, otherwise 0, 1, ….
  /// - Results: `Y` `[N×L×H]`; optionally the number of words that the mask leaves in each row, int32 (0 without a mask), and the sum that was normalised.
  struct EmbedLayerNormalization: Fused {
    static let signature = Microsoft.signature("EmbedLayerNormalization", operands: 7...9, results: 1...3)
    private let epsilon: Float

    init(_ node: inout NodeReader) throws(OperatorError) {
      epsilon = try node.float("epsilon") ?? 1e-12
      guard try node.int("mask_index_type") ?? 1 <= 1 else { throw .unsupported("attribute mask_index_type must be 0 or 1") }
    }

    func elementTypes(_ operands: [OperandInfo]) throws(OperatorError) -> [ElementType] {
      let type = try operands.tensor(2).elementType
      return [type, .int32, type]
    }

    func made(of operands: [Value?], _ infos: [OperandInfo], in graph: inout GraphBuilder) throws(OperatorError) -> [Value]? {
      let words = try infos.tensor(0).shape
      guard words.rank ?? 2 == 2 else { throw .operands("the words must be [N×L], not \(words)") }
      var sum = try graph.add(Gather(axis: 0), operands.optional(2), operands.optional(0))
      let positions: Value
      if let given = operands.optional(8) {
        positions = given
      } else {
        guard let length = words[1] else { return nil }
        positions = graph.constant(Tensor((0..<length).map(Int64.init), shape: [1, length]))
      }
      sum = try graph.sum(sum, graph.add(Gather(axis: 0), operands.optional(3), positions))
      if let segments = operands.optional(1) { sum = try graph.sum(sum, graph.add(Gather(axis: 0), operands.optional(4), segments)) }
      let y = try graph.add(LayerNormalization.self, ["epsilon": .float(epsilon)], sum, operands.optional(5), operands.optional(6))
      let counts: Value
      if let mask = operands.optional(7) {
        counts = try graph.add(ReduceSum(axes: [1], keepsAxes: false), graph.add(Cast(to: .int32), mask))
      } else {
        guard let rows = words[0] else { return nil }
        counts = graph.constant(Tensor(zeros: .int32, shape: [rows]))
      }
      return [y, counts, sum]
    }
  }
}
