import CarpusTensors

/// `BlockedScale → BlockedConv` without windows becomes one convolution that scales its input piece by piece: the normalisation and
/// activation before a convolution, as in DenseNet, which cannot be folded into weights.
///
/// Applied behind the assignment of layouts. Only a value that nobody else reads and that is no output disappears.
public enum FuseScale: Rewrite {
  public static let name = "fuse-scale"

  public static func rewritten(_ graph: Graph) throws(GraphError) -> Graph {
    let consumers = Consumers(graph)
    return try graph.fusing { index, _ in Fusion(at: index, in: graph, consumers) }
  }
}

/// A scaling and the convolution that alone reads it.
extension Fusion {
  fileprivate init?(at index: Int, in graph: Graph, _ consumers: Consumers) {
    let node = graph.nodes[index]
    guard let scale = node.operator as? BlockedScale, node.operands.count == 3, let x = node.operands[0], let factor = node.operands[1],
      let offset = node.operands[2], graph.constant(factor) != nil, graph.constant(offset) != nil,
      let next = consumers.only(of: node.results[0])
    else { return nil }
    let reader = graph.nodes[next]
    guard let conv = (reader.operator as? BlockedConv)?.scaled(scale.activation), reader.operands[0] == node.results[0],
      reader.operands.count <= 3
    else { return nil }
    `operator` = conv
    operands = [x, reader.operands[1], reader.operands.count > 2 ? reader.operands[2] : nil, nil, factor, offset]
    result = reader.results[0]
    name = reader.name
    scope = reader.scope
    nodes = [index, next]
  }
}
