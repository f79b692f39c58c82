import CarpusTensors

/// `Conv → BatchNormalization` with constant weights and statistics becomes one `Conv`: `W′[o] = s[o] · W[o]`,
/// `B′ = s · B + t`, calculated in float64 and rounded once.
public enum FoldBatchNormalization: Rewrite {
  public static let name = "fold-batch-normalization"

  public static func rewritten(_ graph: Graph) throws(GraphError) -> Graph {
    guard graph.nodes.contains(where: { $0.operator is BatchNormalization }) else { return graph }
    let consumers = Consumers(graph)
    var rebuilt = Rebuilding(of: graph)
    for input in graph.inputs { rebuilt.input(input, graph.type(of: input.value)) }
    var absorbed: Set<Int> = []
    for (index, node) in graph.nodes.enumerated() where !absorbed.contains(index) {
      if let next = consumers.only(of: node.results[0]), let folded = folded(node, graph.nodes[next], graph) {
        try rebuilt.add(
          node.operator, [node.operands[0]], constants: [folded.weights, folded.bias],
          results: [graph.nodes[next].results[0]], name: node.name, scope: node.scope, source: node.source)
        absorbed.insert(next)
      } else {
        try rebuilt.add(node)
      }
    }
    return absorbed.isEmpty ? graph : rebuilt.finished()
  }

  private static func folded(_ conv: Node, _ next: Node, _ graph: Graph) -> (weights: Tensor, bias: Tensor)? {
    guard conv.operator is Conv, let normalization = next.operator as? BatchNormalization, next.operands[0] == conv.results[0],
      next.results.count == 1, let weights = conv.operands[1].flatMap(graph.constant),
      let (scale, offset) = normalization.affine(of: next.operands.map { graph.info($0) }), scale.count == weights.shape[0]
    else { return nil }
    let bias: [Double]
    if conv.operands.count > 2, let operand = conv.operands[2] {
      guard let constant = graph.constant(operand) else { return nil }
      bias = constant.doubles
    } else {
      bias = [Double](repeating: 0, count: scale.count)
    }
    let perOutput = weights.shape.count / max(scale.count, 1)
    let scaled = weights.doubles.enumerated().map { $1 * scale[$0 / perOutput] }
    return (
      Tensor(scaled, shape: weights.shape).converted(to: weights.elementType),
      Tensor(scale.indices.map { scale[$0] * bias[$0] + offset[$0] }, shape: [scale.count]).converted(to: weights.elementType))
  }
}
