/// An order of nodes in which operands come first; the order of the file wherever it allows that.
struct NodeOrder {
  private(set) var indices: [Int] = []

  /// - Parameter table: the values that are there before the first node.
  /// - Throws: when two nodes compute one value, or the graph is cyclic.
  init(_ nodes: [ONNXNode], table: NameTable) throws(ImportError) {
    var producers: [String: Int] = [:]
    for (index, node) in nodes.enumerated() {
      for output in node.outputs where !output.isEmpty {
        guard producers[output] == nil, table.slots[output] == nil else {
          throw .malformed("\(quoted(output)) is computed by two nodes, or is also an input or initializer")
        }
        producers[output] = index
      }
    }
    // What is computed nowhere comes from outside, or nowhere: who makes the node will see.
    let needs = nodes.map { node in node.valuesRead.compactMap { producers[$0] } }
    // Depth first, without recursion: a node is placed when all that it needs has been.
    enum State { case new, open, placed }
    var states = [State](repeating: .new, count: nodes.count)
    var stack: [Int] = []
    for root in nodes.indices {
      stack.append(root)
      while let index = stack.last {
        switch states[index] {
        case .placed: stack.removeLast()
        case .open:
          states[index] = .placed
          indices.append(index)
          stack.removeLast()
        case .new:
          states[index] = .open
          for needed in needs[index].reversed() where states[needed] != .placed {
            guard states[needed] == .new else {
              throw .malformed(
                "the graph is cyclic: node \(quoted(nodes[needed].label)) (\(nodes[needed].operatorType)) depends on its own result")
            }
            stack.append(needed)
          }
        }
      }
    }
  }
}

extension ONNXNode {
  /// The names of its operands, and of what its graphs take from outside; possibly some that those define themselves.
  var valuesRead: [String] {
    var names = inputs.filter { !$0.isEmpty }
    for attribute in attributes.values {
      guard case .graph(let graph) = attribute else { continue }
      let own = Set(graph.inputs.map(\.name) + graph.initializerOrder + graph.nodes.flatMap(\.outputs))
      names += (graph.nodes.flatMap(\.valuesRead) + graph.outputs.map(\.name)).filter { !own.contains($0) }
    }
    return names
  }
}
