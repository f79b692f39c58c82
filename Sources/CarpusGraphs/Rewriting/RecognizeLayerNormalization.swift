import CarpusTensors

/// `(x − mean x) / √(mean (x − mean x)² + ε) · scale + bias`, as exporters write it in up to nine nodes for files older than the operator, becomes
/// one `LayerNormalization`.
public enum RecognizeLayerNormalization: Rewrite {
  public static let name = "recognize-layer-normalization"

  public static func rewritten(_ graph: Graph) throws(GraphError) -> Graph {
    guard graph.nodes.contains(where: { $0.operator is Sqrt }) else { return graph }
    let consumers = Consumers(graph)
    return try graph.fusing { index, absorbed in Fusion(at: index, in: graph, consumers, without: absorbed) }
  }
}

extension Fusion {
  fileprivate init?(at index: Int, in graph: Graph, _ consumers: Consumers, without absorbed: Set<Int>) {
    guard let axes = graph.lastAxes(ofMean: graph.nodes[index]), let x = graph.nodes[index].operands[0], case let type = graph.type(of: x),
      let shape = type.staticShape
    else { return nil }
    /// The node that alone reads a value, if it is of one kind.
    func reader(of value: Value, _ isWanted: (any Operator) -> Bool) -> (index: Int, node: Node)? {
      guard let next = consumers.only(of: value), !absorbed.contains(next), isWanted(graph.nodes[next].operator) else { return nil }
      return (next, graph.nodes[next])
    }
    guard let difference = reader(of: graph.nodes[index].results[0], { $0 is Sub }), difference.node.operands[0] == x,
      case let distance = difference.node.results[0], let both = consumers.all(of: distance), both.count == 2,
      let square = both.first(where: { graph.isSquare(graph.nodes[$0]) }), let quotient = both.first(where: { $0 != square }),
      !absorbed.contains(square), !absorbed.contains(quotient),
      let mean = reader(of: graph.nodes[square].results[0], { $0 is ReduceMean }), graph.lastAxes(ofMean: mean.node) == axes,
      let sum = reader(of: mean.node.results[0], { $0 is Add }), let epsilon = graph.number(besides: mean.node.results[0], sum.node),
      let root = reader(of: sum.node.results[0], { $0 is Sqrt }), let last = reader(of: root.node.results[0], { $0 is Div }),
      last.index == quotient, last.node.operands == [distance, root.node.results[0]],
      let scaled = reader(of: last.node.results[0], { $0 is Mul }), let scale = Self.parameter(besides: last.node.results[0], scaled.node),
      graph.hasExtents(scale, shape.extents.suffix(axes)), graph.type(of: scaled.node.results[0]) == type
    else { return nil }
    var nodes = [index, difference.index, square, mean.index, sum.index, root.index, quotient, scaled.index]
    var operands = [x, scale], result = scaled.node.results[0]
    if let add = reader(of: result, { $0 is Add }), let bias = Self.parameter(besides: result, add.node),
      graph.hasExtents(bias, shape.extents.suffix(axes)), graph.type(of: add.node.results[0]) == type
    {
      nodes.append(add.index)
      operands.append(bias)
      result = add.node.results[0]
    }
    `operator` = LayerNormalization(axis: shape.rank - axes, epsilon: epsilon)
    self.operands = operands
    self.result = result
    self.nodes = nodes
    name = scaled.node.name
    scope = scaled.node.scope
  }

  private static func parameter(besides value: Value, _ node: Node) -> Value? {
    guard let a = node.operands[0], let b = node.operands[1], a != b else { return nil }
    return a == value ? b : a
  }
}

extension Graph {
  /// How many of the last axes a mean of floating-point numbers is taken over, if it keeps them.
  fileprivate func lastAxes(ofMean node: Node) -> Int? {
    guard let mean = node.operator as? ReduceMean, mean.axes.keepsAxes, let x = node.operands[0],
      case .tensor(let type) = type(of: x), type.elementType == .float32 || type.elementType == .float64, let rank = type.shape.rank,
      let axes = try? mean.axes.resolved(node.operands.map { info($0) }, rank: rank), !axes.isEmpty, axes == Array(rank - axes.count..<rank)
    else { return nil }
    return axes.count
  }

  fileprivate func isSquare(_ node: Node) -> Bool {
    if node.operator is Mul { return node.operands[0] == node.operands[1] }
    guard node.operator is Pow, let exponent = node.operands[1].flatMap(constant) else { return false }
    return exponent.shape.count == 1 && exponent.doubles == [2]
  }

  /// The number that a node adds to a value.
  fileprivate func number(besides value: Value, _ node: Node) -> Double? {
    guard let a = node.operands[0], let b = node.operands[1], let number = constant(a == value ? b : a), number.shape.count == 1 else { return nil }
    return number.doubles.first
  }

  /// Whether a value is a constant of these extents.
  fileprivate func hasExtents(_ value: Value, _ extents: ArraySlice<Int>) -> Bool {
    constant(value)?.shape.extents == Array(extents)
  }
}
