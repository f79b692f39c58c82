import CarpusGraphs
import CarpusTensors

/// What one of the outermost modules of a network holds and does.
struct ModuleSummary: Sendable {
  /// Empty for what stands in no module.
  let name: String
  let typeName: String
  var nodeCount = 0
  /// Elements of the constants that its nodes read first, scalars and integers left out. Weights that were folded count as they are now.
  var parameterCount = 0
  var multiplyAdds = 0

  /// In the order of their first nodes; none where the file names no modules. Modules that hold all others are opened.
  static func all(of graph: Graph) -> [ModuleSummary] {
    let scopes = graph.nodes.map { $0.scope?.modules ?? [] }
    guard scopes.contains(where: { !$0.isEmpty }) else { return [] }
    var level = 0
    while Set(scopes.filter { !$0.isEmpty }.map { $0.prefix(level + 1).map(\.name) }).count == 1,
      scopes.contains(where: { $0.count > level + 1 })
    { level += 1 }
    var summaries: [ModuleSummary] = [], places: [String: Int] = [:]
    var known: Set<Value> = []
    for (work, scope) in zip(graph.work, scopes) {
      let module = scope.count > level ? scope[level] : scope.last
      let name = module?.name ?? ""
      let place = places[name] ?? summaries.count
      if place == summaries.count {
        places[name] = place
        summaries.append(ModuleSummary(name: name, typeName: module?.typeName ?? ""))
      }
      summaries[place].nodeCount += 1
      summaries[place].multiplyAdds = NetworkSize.sum([summaries[place].multiplyAdds, work.multiplyAdds])
      for case let operand? in work.node.operands where known.insert(operand).inserted {
        guard let constant = graph.constant(operand), constant.shape.count > 1, constant.elementType != .int64, constant.elementType != .bool,
          constant.elementType != .string
        else { continue }
        summaries[place].parameterCount += constant.shape.count
      }
    }
    return summaries
  }
}
