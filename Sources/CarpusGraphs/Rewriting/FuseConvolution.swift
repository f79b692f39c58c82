import CarpusTensors

/// `Conv → [Add] → [activation]` becomes one `FusedConv`, which finishes each tile of the result while it is in the cache.
///
/// Taken in are: an addition of another tensor of the same shape, and Relu, Clip, HardSwish, LeakyRelu, Sigmoid, or
/// `x · Sigmoid(x)`. Only values that nobody else reads and that are no output disappear.
public enum FuseConvolution: Rewrite {
  public static let name = "fuse-convolution"

  public static func rewritten(_ graph: Graph) throws(GraphError) -> Graph {
    let consumers = Consumers(graph)
    return try graph.fusing { index, absorbed in Fusion(at: index, in: graph, consumers, without: absorbed) }
  }
}

/// A convolution and the nodes behind it that it takes in.
extension Fusion {
  fileprivate init?(at index: Int, in graph: Graph, _ consumers: Consumers, without absorbed: Set<Int>) {
    let node = graph.nodes[index]
    guard let conv = node.operator as? Conv else { return nil }
    var result = node.results[0]
    var nodes = [index]
    var residual: Value?
    if let next = consumers.only(of: result), !absorbed.contains(next), let other = Self.residual(graph.nodes[next], result, graph) {
      residual = other
      result = graph.nodes[next].results[0]
      nodes.append(next)
    }
    var activation: UnaryFunction?
    if let found = Self.activation(of: result, graph, consumers), !found.nodes.contains(where: absorbed.contains) {
      activation = found.function
      result = found.result
      nodes += found.nodes
    }
    guard nodes.count > 1 else { return nil }
    `operator` = FusedConv(conv, activation: activation)
    let own = node.operands + [Value?](repeating: nil, count: 3 - node.operands.count)
    operands = residual.map { own + [$0] } ?? own
    self.result = result
    name = node.name
    scope = node.scope
    self.nodes = nodes
  }

  /// The other operand of an addition to `value`, if it has the same shape and so needs no broadcasting.
  private static func residual(_ node: Node, _ value: Value, _ graph: Graph) -> Value? {
    guard node.operator is Add, let a = node.operands[0], let b = node.operands[1], a != b else { return nil }
    let other = a == value ? b : a
    return graph.type(of: other) == graph.type(of: value) && graph.type(of: value).staticShape != nil ? other : nil
  }

  private static func activation(
    of value: Value, _ graph: Graph, _ consumers: Consumers
  ) -> (function: UnaryFunction, result: Value, nodes: [Int])? {
    guard let readers = consumers.all(of: value) else { return nil }
    if readers.count == 1 {
      let node = graph.nodes[readers[0]]
      guard let elementwise = node.operator as? any ElementwiseFunction, node.operands[0] == value,
        let function = elementwise.function(of: node.operands.map { graph.info($0) })
      else { return nil }
      return (function, node.results[0], readers)
    }
    // x · Sigmoid(x): the product comes last, and its two operands are the two that it is known to read.
    guard readers.count == 2 else { return nil }
    let sigmoid = graph.nodes[readers[0]], product = graph.nodes[readers[1]]
    guard sigmoid.operator is Sigmoid, product.operator is Mul, consumers.only(of: sigmoid.results[0]) == readers[1] else { return nil }
    return (.silu, product.results[0], readers)
  }
}
