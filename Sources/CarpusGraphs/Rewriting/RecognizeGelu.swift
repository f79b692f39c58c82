import CarpusTensors

/// `x · (1 + erf(x / √2)) · ½`, as exporters write it in five nodes, becomes one `Gelu`.
public enum RecognizeGelu: Rewrite {
  public static let name = "recognize-gelu"

  public static func rewritten(_ graph: Graph) throws(GraphError) -> Graph {
    let consumers = Consumers(graph)
    var found: [Int: Value] = [:]  // by the node that comes last, what the function is of
    var absorbed: Set<Int> = []
    for (index, node) in graph.nodes.enumerated() where node.operator is Erf {
      guard let match = pattern(around: index, graph, consumers), absorbed.isDisjoint(with: match.nodes), let last = match.nodes.max() else {
        continue
      }
      found[last] = match.x
      absorbed.formUnion(match.nodes)
    }
    guard !found.isEmpty else { return graph }
    var rebuilt = Rebuilding(of: graph)
    for input in graph.inputs { rebuilt.input(input, graph.type(of: input.value)) }
    for (index, node) in graph.nodes.enumerated() {
      if let x = found[index] {
        try rebuilt.add(Gelu(), [x], results: node.results, name: node.name, scope: node.scope)
      } else if !absorbed.contains(index) {
        try rebuilt.add(node)
      }
    }
    return rebuilt.finished()
  }

  private static func pattern(around erf: Int, _ graph: Graph, _ consumers: Consumers) -> (x: Value, nodes: [Int])? {
    guard let scaled = graph.nodes[erf].operands[0], let first = graph.records[scaled.index].producer, consumers.only(of: scaled) == erf,
      let x = operand(of: graph.nodes[first], { $0 is Div }, 2.0.squareRoot(), graph, isFirst: true)
        ?? operand(of: graph.nodes[first], { $0 is Mul }, 0.5.squareRoot(), graph),
      let add = consumers.only(of: graph.nodes[erf].results[0]),
      operand(of: graph.nodes[add], { $0 is Add }, 1, graph) == graph.nodes[erf].results[0],
      let multiply = consumers.only(of: graph.nodes[add].results[0]), graph.nodes[multiply].operator is Mul
    else { return nil }
    let sum = graph.nodes[add].results[0], factors = graph.nodes[multiply].operands
    if operand(of: graph.nodes[multiply], { $0 is Mul }, 0.5, graph) == sum {
      let halved = graph.nodes[multiply].results[0]
      guard let last = consumers.only(of: halved), graph.nodes[last].operator is Mul, Set(graph.nodes[last].operands) == [halved, x] else { return nil }
      return (x, [first, erf, add, multiply, last])
    }
    guard let other = factors[0] == sum ? factors[1] : factors[0], other != sum else { return nil }
    if other == x {
      guard let half = consumers.only(of: graph.nodes[multiply].results[0]),
        operand(of: graph.nodes[half], { $0 is Mul }, 0.5, graph) == graph.nodes[multiply].results[0]
      else { return nil }
      return (x, [first, erf, add, multiply, half])
    }
    guard let half = graph.records[other.index].producer, consumers.only(of: other) == multiply,
      operand(of: graph.nodes[half], { $0 is Mul }, 0.5, graph) == x
    else { return nil }
    return (x, [first, erf, add, half, multiply])
  }

  /// The other operand of an operator one of whose operands is this number.
  private static func operand(
    of node: Node, _ isWanted: (any Operator) -> Bool, _ number: Double, _ graph: Graph, isFirst: Bool = false
  ) -> Value? {
    guard isWanted(node.operator), node.operands.count == 2, let a = node.operands[0], let b = node.operands[1] else { return nil }
    func isNumber(_ value: Value) -> Bool {
      guard let constant = graph.constant(value), constant.shape.count == 1, constant.elementType.isFloatingPoint else { return false }
      return abs((constant.doubles.first ?? .nan) / number - 1) < 1e-6
    }
    if isNumber(b) { return a }
    return !isFirst && isNumber(a) ? b : nil
  }
}
