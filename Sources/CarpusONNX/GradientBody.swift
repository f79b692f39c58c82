import CarpusGraphs

extension ONNXNode {
  /// A node that names other values of its graph in its attributes.
  var isGradient: Bool { domain == "ai.onnx.preview.training" && operatorType == "Gradient" }

  /// A node `Gradient` gets the part of the graph that it differentiates as its attribute `body`; any other stays as it is.
  func withGradientBody(among nodes: [ONNXNode]) throws(ImportError) -> ONNXNode {
    guard isGradient else { return self }
    var node = self
    node.attributes["body"] = .graph(try GradientBody(self, among: nodes).graph)
    return node
  }
}

/// The part of a graph that a node `Gradient` differentiates: what lies between the values that it names.
struct GradientBody {
  let graph: ONNXGraph

  /// - Parameters:
  ///   - node: with the attributes `xs`, `zs` and `y`.
  ///   - nodes: of the graph that it stands in.
  /// - Throws: when `y` is not named, or computed by no node.
  init(_ node: ONNXNode, among nodes: [ONNXNode]) throws(ImportError) {
    func names(_ attribute: String) -> [String] {
      guard case .value(.strings(let names))? = node.attributes[attribute] else { return [] }
      return names
    }
    let inputs = names("xs") + names("zs")
    guard case .value(.string(let target))? = node.attributes["y"] else { throw .malformed("node \(quoted(node.label)) (Gradient) does not name its y") }
    var producers: [String: Int] = [:]
    for (index, node) in nodes.enumerated() {
      for output in node.outputs where !output.isEmpty { producers[output] = index }
    }
    guard producers[target] != nil, !inputs.contains(target) else {
      throw .malformed("node \(quoted(node.label)) (Gradient) names \(quoted(target)) as its y, which no node before it computes")
    }
    // Nodes that y needs, and of those the ones that depend on an input; the rest is constant and stays outside.
    var needed: Set<Int> = []
    var open = [target]
    while let name = open.popLast() {
      guard !inputs.contains(name), let index = producers[name], needed.insert(index).inserted else { continue }
      open += nodes[index].valuesRead
    }
    var depending = Set(inputs)
    var kept: Set<Int> = []
    var grows = true
    while grows {
      grows = false
      for index in needed where !kept.contains(index) && nodes[index].valuesRead.contains(where: depending.contains) {
        kept.insert(index)
        depending.formUnion(nodes[index].outputs.filter { !inputs.contains($0) })
        grows = true
      }
    }
    // An operand that stands for one of the inputs is not computed again here.
    let body = kept.sorted().map { index in
      var copy = nodes[index]
      copy.outputs = copy.outputs.map { inputs.contains($0) ? "" : $0 }
      return copy
    }
    graph = ONNXGraph(
      name: "", nodes: body, initializers: [:], initializerOrder: [], unsupportedInitializers: [:],
      inputs: inputs.map { ONNXValueInfo(name: $0, type: nil) }, outputs: [ONNXValueInfo(name: target, type: nil)], valueInfo: [])
  }
}
