import CarpusTensors

/// `MatMul` or `Gemm` with a constant matrix → [Add of a constant] → [Add] → [activation] becomes one `FusedProduct`, whose matrix is
/// packed when the plan is made.
public enum FuseProduct: Rewrite {
  public static let name = "fuse-product"

  public static func rewritten(_ graph: Graph) throws(GraphError) -> Graph {
    let consumers = Consumers(graph)
    return try graph.fusing { index, absorbed in Fusion(at: index, in: graph, consumers, without: absorbed) }
  }
}

/// A product and the nodes behind it that it takes in.
extension Fusion {
  fileprivate init?(at index: Int, in graph: Graph, _ consumers: Consumers, without absorbed: Set<Int>) {
    let node = graph.nodes[index]
    guard node.operator is MatMul || node.operator is Gemm, let x = node.operands[0], let w = node.operands[1], let weights = graph.constant(w), weights.elementType == .float32,
      let rows = graph.type(of: x).tensor, rows.elementType == .float32, let shape = rows.shape.shape, shape.rank >= 2
    else { return nil }
    var bias: Value?
    let isTransposed: Bool
    switch node.operator {
    case is MatMul: isTransposed = false
    case let gemm as Gemm:
      guard gemm.isPlain else { return nil }
      isTransposed = gemm.transposesB
      if node.operands.count > 2, let c = node.operands[2] { bias = c }
    default: return nil
    }
    // Few rows are limited by reading the matrix.
    guard let (inputs, outputs) = FusedProduct.extents(weights.shape, isTransposed: isTransposed), shape.extents.last == inputs,
      shape.count / inputs >= 4
    else { return nil }
    func isBias(_ value: Value) -> Bool {
      graph.constant(value).map { $0.shape.count == outputs && $0.shape.extents.last == outputs && $0.elementType == .float32 } ?? false
    }
    if let bias, !isBias(bias) { return nil }
    name = node.name
    scope = node.scope
    nodes = [index]
    result = node.results[0]
    let type = graph.type(of: result)
    /// The node that alone reads the result, if it may be taken in and has its type.
    func reader(of value: Value) -> (index: Int, node: Node)? {
      guard let next = consumers.only(of: value), !absorbed.contains(next), graph.nodes[next].results.first.map({ graph.type(of: $0) }) == type
      else { return nil }
      return (next, graph.nodes[next])
    }
    func addend(_ node: Node, to value: Value) -> Value? {
      guard node.operator is Add, let a = node.operands[0], let b = node.operands[1], a != b else { return nil }
      return a == value ? b : a
    }
    var residual: Value?
    if bias == nil, let next = reader(of: result), let other = addend(next.node, to: result), isBias(other) {
      bias = other
      nodes.append(next.index)
      result = next.node.results[0]
    }
    if let next = reader(of: result), let other = addend(next.node, to: result), graph.type(of: other) == type, graph.constant(other) == nil {
      residual = other
      nodes.append(next.index)
      result = next.node.results[0]
    }
    var activation: UnaryFunction?
    if let next = reader(of: result), next.node.operands[0] == result, let elementwise = next.node.operator as? any ElementwiseFunction,
      let function = elementwise.function(of: next.node.operands.map { graph.info($0) })
    {
      activation = function
      nodes.append(next.index)
      result = next.node.results[0]
    }
    `operator` = FusedProduct(isTransposed: isTransposed, activation: activation)
    operands = residual == nil ? (bias == nil ? [x, w] : [x, w, bias]) : [x, w, bias, residual]
  }
}
