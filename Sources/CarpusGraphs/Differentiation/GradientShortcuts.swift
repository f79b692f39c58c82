import CarpusTensors

/// Gradients through some nodes at once, where that takes less work than through each.
struct GradientShortcuts {
  private let graph: Graph
  /// What a gradient is wanted for: it has to flow through these values.
  private let wanted: Set<Value>
  /// For each join, one before it of all its operands but the last.
  private var prefixes: [Value: Value] = [:]

  /// - Parameter leading: what the differentiated value depends on.
  init(_ graph: Graph, without wanted: Set<Value>, leading: Set<Value>) {
    self.graph = graph
    self.wanted = wanted
    var joins: [[Value?]: (Concat, Value)] = [:]
    for node in graph.nodes {
      guard let concat = node.operator as? Concat, let result = node.results.first, leading.contains(result) else { continue }
      if let (other, value) = joins[node.operands.dropLast()], other.joinsLike(concat), !wanted.contains(value) { prefixes[result] = value }
      joins[node.operands] = (concat, result)
    }
  }

  /// What the seeds of a node's results give to the gradients of other values, instead of what its own pullback does; `nil` if there is no
  /// shortcut.
  func gradients(of node: Node, _ seeds: [Value?], in builder: inout GraphBuilder) throws(OperatorError) -> [(Value, Value)]? {
    guard let seed = seeds.first ?? nil else { return nil }
    switch node.operator {
    case is Mul: return try silu(node, seed, &builder)
    case let concat as Concat: return try join(concat, node, seed, &builder)
    default: return nil
    }
  }

  /// `x · Sigmoid(x)` as one function.
  private func silu(_ node: Node, _ seed: Value, _ builder: inout GraphBuilder) throws(OperatorError) -> [(Value, Value)]? {
    guard let a = node.operands[0], let b = node.operands[1] else { return nil }
    for (x, gate) in [(a, b), (b, a)] {
      guard !wanted.contains(gate), let producer = graph.producer(of: gate), producer.operator is Sigmoid, producer.operands[0] == x else {
        continue
      }
      return [(x, try builder.add(ElementwiseAdjoint(of: .silu), seed, x))]
    }
    return nil
  }

  /// Networks whose layers see all layers before them join more and more: what flows back to the join before is one piece.
  private func join(
    _ concat: Concat, _ node: Node, _ seed: Value, _ builder: inout GraphBuilder
  ) throws(OperatorError) -> [(Value, Value)]? {
    guard let result = node.results.first, let prefix = prefixes[result], let last = node.operands.last ?? nil else { return nil }
    var gradients: [(Value, Value)] = [], first = 0
    for operand in [prefix, last] {
      guard let shape = graph.type(of: operand).staticShape else { return nil }
      let axis = try concat.axis(rank: shape.rank)
      gradients.append((operand, try builder.add(Slice(first..<first + shape[axis], axis: axis), seed)))
      first += shape[axis]
    }
    return gradients
  }
}
