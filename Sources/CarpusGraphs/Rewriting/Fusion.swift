/// Some nodes that become one.
struct Fusion {
  var `operator`: any Operator
  var operands: [Value?]
  /// Of the one node, and of the last of those that disappear.
  var result: Value
  var name: String
  var scope: ModuleScope?
  /// All nodes that disappear, the last one last.
  var nodes: [Int]
}

extension Graph {
  /// Replaces what is found, each fusion at the place of its last node. The graph itself where nothing is.
  ///
  /// - Parameter find: what begins at a node, without the nodes that were taken before.
  func fusing(_ find: (_ index: Int, _ absorbed: Set<Int>) -> Fusion?) throws(GraphError) -> Graph {
    var fused: [Int: Fusion] = [:]  // by the node whose place the fused one takes
    var absorbed: Set<Int> = []
    for index in nodes.indices where !absorbed.contains(index) {
      guard let fusion = find(index, absorbed), let last = fusion.nodes.last else { continue }
      fused[last] = fusion
      absorbed.formUnion(fusion.nodes)
    }
    guard !fused.isEmpty else { return self }
    var rebuilt = Rebuilding(of: self)
    for input in inputs { rebuilt.input(input, type(of: input.value)) }
    for (index, node) in nodes.enumerated() {
      if let fusion = fused[index] {
        try rebuilt.add(fusion.operator, fusion.operands, results: [fusion.result], name: fusion.name, scope: fusion.scope)
      } else if !absorbed.contains(index) {
        try rebuilt.add(node)
      }
    }
    return rebuilt.finished()
  }
}
