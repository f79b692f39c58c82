import CarpusTensors

/// Runs an operator that stands for other nodes and whose operands are known only now.
enum ComposedRunner {
  static func values(
    of op: any Composed, _ operands: [RunValue?], results count: Int, _ context: RunContext, limit: Int
  ) throws(OperatorError) -> [RunValue] {
    var builder = GraphBuilder()
    var inputs: [Value?] = []
    var named: [String: RunValue] = [:]
    for (index, operand) in operands.enumerated() {
      guard let operand else { inputs.append(nil); continue }
      inputs.append(builder.input("\(index)", operand.type))
      named["\(index)"] = operand
    }
    let infos = operands.map { $0?.info ?? .absent }
    // The rule refuses what does not fit; the nodes rely on it.
    _ = try op.checkedTypes(for: infos)
    guard let values = try op.composed(inputs, infos, results: count, in: &builder) else {
      throw .unsupported("\(op.signature.name) cannot be made of other operators even with its operands")
    }
    let graph = builder.finished(outputs: values.enumerated().map { NamedValue(name: "result \($0)", value: $1) })
    do throws(GraphError) {
      return try Workspace(Plan(graph, rewrites: []), context: context, memoryLimit: limit).run(values: named)
    } catch { throw BodyRunner.operatorError(error) }
  }
}
