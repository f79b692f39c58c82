public import CarpusTensors

/// The memory of a run. One at a time may use it; make one for each thread that runs a plan.
public final class Workspace {
  public let plan: Plan
  private let context: RunContext
  /// For each value of the plan's graph, where it is: constants and arena places once, the others in each run.
  private var values: [RunValue?]
  /// Bytes of the values that this run has allocated and not given back.
  private var dynamicByteCount = 0
  private let memoryLimit: Int

  /// - Parameter threads: how many threads the kernels may use. The results do not depend on it.
  public convenience init(_ plan: Plan, threads: Int = 1) { self.init(plan, threads: threads, memoryLimit: MemoryLimit.byteCount) }

  /// - Parameter memoryLimit: bytes that the intermediate values may take.
  package init(_ plan: Plan, threads: Int = 1, memoryLimit: Int) {
    self.plan = plan
    self.memoryLimit = memoryLimit
    context = RunContext(team: ThreadTeam(count: max(1, threads)))
    let arena = TensorStorage(byteCount: plan.arenaByteCount)
    values = plan.places.map { place in
      switch place {
      case .constant(let tensor): .tensor(tensor)
      case .arena(let offset, let elementType, let shape):
        .tensor(Tensor(elementType: elementType, shape: shape, storage: arena, offset: offset))
      case .input, .dynamic, .unused: nil
      }
    }
  }

  /// Computes the plan's outputs.
  ///
  /// - Parameter inputs: by name.
  /// - Returns: the outputs, in the order of the graph's outputs. They are copies: a later run does not change them.
  /// - Throws: `GraphError.input` when an input is missing or does not fit, `GraphError.node` when a node refuses.
  public func run(_ inputs: [String: Tensor]) throws(GraphError) -> [RunValue] {
    for input in plan.inputs {
      let type = plan.graph.type(of: input.value)
      guard let tensor = inputs[input.name] else { throw .input(name: input.name, wanted: type.description, given: "nothing") }
      guard case .tensor(let wanted) = type, wanted.elementType == tensor.elementType, wanted.shape.admits(tensor.shape) else {
        throw .input(name: input.name, wanted: type.description, given: "\(tensor.elementType) \(tensor.shape)")
      }
      values[input.value.index] = .tensor(tensor)
    }
    defer { for planned in plan.nodes { planned.node.results.forEach(release) } }
    for planned in plan.nodes {
      do { try evaluate(planned) } catch {
        let operands = planned.node.operands.map { $0.flatMap { values[$0.index]?.info.type?.description } ?? "nothing" }
        throw .node(name: planned.node.name, operatorName: planned.node.operatorName, operands: operands, cause: error)
      }
      planned.finished.forEach(release)
    }
    return try outputs()
  }

  private func evaluate(_ planned: Plan.PlannedNode) throws(OperatorError) {
    let operands = planned.node.operands.map { $0.flatMap { values[$0.index] } }
    if planned.isStatic {
      let targets = planned.node.results.compactMap { values[$0.index] }
      if !planned.isSettled { try check(planned, operands, targets) }
      _ = try Evaluation.evaluate(planned.operator, operands, into: targets, wanted: planned.wanted, context: context)
    } else {
      let types = try planned.operator.resultTypes(for: operands.map { $0?.info ?? .absent })
      let results = try Evaluation.evaluate(
        planned.operator, operands, Array(types.prefix(planned.node.results.count)),
        limit: memoryLimit - plan.arenaByteCount - dynamicByteCount, context: context)
      for (value, result) in zip(planned.node.results, results) {
        values[value.index] = result
        dynamicByteCount += result.byteCount
      }
    }
  }

  /// Gives back a value that was allocated in the run.
  private func release(_ value: Value) {
    guard case .dynamic = plan.places[value.index], let old = values[value.index] else { return }
    dynamicByteCount -= old.byteCount
    values[value.index] = nil
  }

  /// Runs the shape rule with the actual operands: they must give what was planned.
  private func check(_ planned: Plan.PlannedNode, _ operands: [RunValue?], _ targets: [RunValue]) throws(OperatorError) {
    let types = try planned.operator.resultTypes(for: operands.map { $0?.info ?? .absent })
    for (type, target) in zip(types, targets) {
      guard let wanted = target.info.type, type == wanted else {
        throw .operands("the result is \(type) now, and \(target.info.type?.description ?? "nothing") was planned")
      }
    }
  }

  private func outputs() throws(GraphError) -> [RunValue] {
    var results: [RunValue] = []
    for output in plan.outputs {
      switch (values[output.value.index], plan.places[output.value.index]) {
      case (.tensor(let tensor)?, .arena): results.append(.tensor(tensor.copied()))
      case (let value?, _): results.append(value)
      case (nil, _): throw .shapesUnknown("output '\(output.name)' has not been computed")
      }
    }
    return results
  }
}
