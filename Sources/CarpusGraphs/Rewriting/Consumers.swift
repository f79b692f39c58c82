/// Who reads a value: what rewrites ask before they take a value away.
struct Consumers {
  private var nodes: [Value: [Int]] = [:]
  private let kept: Set<Value>

  init(_ graph: Graph) {
    kept = Set(graph.outputs.map(\.value))
    for (index, node) in graph.nodes.enumerated() {
      for operand in Set(node.operands.compactMap { $0 }) { nodes[operand, default: []].append(index) }
    }
  }

  /// Indices of the nodes that read it, in order; `nil` when it is also an output, so that it has to stay.
  func all(of value: Value) -> [Int]? { kept.contains(value) ? nil : nodes[value] ?? [] }

  /// The only node that reads it, if there is just one and it is no output.
  func only(of value: Value) -> Int? {
    guard let all = all(of: value), all.count == 1 else { return nil }
    return all[0]
  }
}
