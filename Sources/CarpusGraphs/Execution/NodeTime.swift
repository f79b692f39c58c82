/// How long a node takes in a run.
public struct NodeTime: Sendable {
  /// The name in the file, or that of the first of the nodes that became this one.
  public let name: String
  public let operatorName: String
  /// How it is calculated, where there is a choice.
  public let method: String
  /// The type of its first result.
  public let result: String
  public let milliseconds: Double
  /// Products that are added up, as the operator is defined; `nil` where it is not made of such sums.
  public let multiplyAdds: Int?

  init(_ node: Node, in graph: Graph, total: Duration, runs: Int) {
    let types = node.results.map { graph.type(of: $0) }
    name = node.name
    operatorName = node.operatorName
    method = node.method ?? ""
    result = types.first?.description ?? ""
    milliseconds = (Double(total.components.seconds) * 1e3 + Double(total.components.attoseconds) / 1e15) / Double(max(runs, 1))
    multiplyAdds = (node.operator as? any Costed)?.multiplyAdds(node.operands.map { graph.info($0) }, types)
  }
}
