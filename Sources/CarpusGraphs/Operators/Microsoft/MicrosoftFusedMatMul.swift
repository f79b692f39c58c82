extension Microsoft {
  /// `Y = alpha · A' · B'`: the product of `MatMul`. With `transA`, A' has the last two axes of A exchanged; with `transBatchA` the first axis of A becomes
  /// the last but one of A' before that. The same for B. Vectors are taken as they are.
  ///
  /// - Operands: `A`, `B`, floating-point.
  struct FusedMatMul: Fused {
    static let signature = Microsoft.signature("FusedMatMul", operands: 2...2)
    private let alpha: Double
    private let a, b: (exchanges: Bool, movesFirst: Bool)

    init(_ node: inout NodeReader) throws(OperatorError) {
      alpha = Double(try node.float("alpha") ?? 1)
      a = (try node.flag("transA", default: false), try node.flag("transBatchA", default: false))
      b = (try node.flag("transB", default: false), try node.flag("transBatchB", default: false))
    }

    func made(of operands: [Value?], _ infos: [OperandInfo], in graph: inout GraphBuilder) throws(OperatorError) -> [Value]? {
      var factors: [Value] = []
      for (index, order) in [a, b].enumerated() {
        let type = try infos.floatingTensor(index)
        guard var factor = operands[index] else { throw .operands("operand \(index) is missing") }
        if order.exchanges || order.movesFirst {
          guard let rank = type.shape.rank else { return nil }
          if rank > 1 { factor = try graph.add(Transpose(Self.order(rank, exchanges: order.exchanges, movesFirst: order.movesFirst)), factor) }
        }
        factors.append(factor)
      }
      return [try graph.scaled(graph.add(MatMul(), factors[0], factors[1]), by: alpha)]
    }

    private static func order(_ rank: Int, exchanges: Bool, movesFirst: Bool) -> [Int] {
      var order = Array(0..<rank)
      if movesFirst { order.insert(order.removeFirst(), at: rank - 2) }
      if exchanges { order.swapAt(rank - 2, rank - 1) }
      return order
    }
  }
}
