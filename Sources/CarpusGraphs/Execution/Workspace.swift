public import CarpusTensors

/// The memory of a run. One at a time may use it; make one for each thread that runs a plan.
public final class Workspace {
  public let plan: Plan
  private let context: RunContext
  private let arena: TensorStorage
  /// For each value of the plan's graph, where it is: constants and arena places once, the others in each run.
  private var values: [RunValue?]
  /// Bytes of the values that this run has allocated and not given back.
  private var dynamicByteCount = 0
  /// Bytes of the values that this run was given.
  private var inputByteCount = 0
  private let memoryLimit: Int
  /// While set, the time that each node takes is added up here, by its place in the plan.
  private var times: [Duration]?

  /// - Parameter threads: how many threads the kernels may use. The results do not depend on it.
  public convenience init(_ plan: Plan, threads: Int = 1) { self.init(plan, threads: threads, memoryLimit: MemoryLimit.byteCount) }

  /// - Parameter memoryLimit: bytes that the intermediate values may take.
  package convenience init(_ plan: Plan, threads: Int = 1, memoryLimit: Int) {
    self.init(plan, context: RunContext(team: ThreadTeam(count: max(1, threads))), memoryLimit: memoryLimit)
  }

  /// For a graph inside a node, which shares what the run around it has.
  init(_ plan: Plan, context: RunContext, memoryLimit: Int) {
    self.plan = plan
    self.memoryLimit = memoryLimit
    self.context = context
    let arena = TensorStorage(byteCount: plan.arenaByteCount)
    self.arena = arena
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
  public func run(_ inputs: [String: Tensor]) throws(GraphError) -> [RunValue] { try run(values: inputs.mapValues(RunValue.tensor)) }

  /// What each node takes, in the order of the run: the mean of some runs.
  public func profile(_ inputs: [String: Tensor], runs: Int) throws(GraphError) -> [NodeTime] {
    times = plan.nodes.map { _ in .zero }
    defer { times = nil }
    for _ in 0..<runs { _ = try run(inputs) }
    return zip(plan.nodes, times ?? []).map { NodeTime($0.node, in: plan.graph, total: $1, runs: runs) }
  }

  /// The same for inputs that need not be tensors.
  public func run(values inputs: [String: RunValue]) throws(GraphError) -> [RunValue] {
    for input in plan.inputs {
      let type = plan.graph.type(of: input.value)
      guard let value = inputs[input.name] else { throw .input(name: input.name, wanted: type.description, given: "nothing") }
      guard type.admits(value.type) else { throw .input(name: input.name, wanted: type.description, given: value.type.description) }
      values[input.value.index] = value
    }
    inputByteCount = plan.inputs.reduce(0) { $0 + (values[$1.value.index]?.byteCount ?? 0) }
    defer { for planned in plan.nodes { planned.node.results.forEach(release) } }
    for (index, planned) in plan.nodes.enumerated() {
      let start = times == nil ? nil : ContinuousClock.now
      defer { if let start { times?[index] += ContinuousClock.now - start } }
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
      guard !planned.isDone else { return }
      _ = try Evaluation.evaluate(planned.operator, operands, into: targets, wanted: planned.wanted, context: context)
    } else {
      let types = planned.operator is any SelfTyping ? [] : try planned.operator.checkedTypes(for: operands.map { $0?.info ?? .absent })
      let results = try Evaluation.evaluate(
        planned.operator, operands, Array(types.prefix(planned.node.results.count)),
        limit: memoryLimit - plan.arenaByteCount - dynamicByteCount - inputByteCount, context: context)
      for (value, result) in zip(planned.node.results, results) {
        // What follows is planned for this type.
        let type = plan.graph.type(of: value)
        guard type.admits(result.type) else { throw .operands("the result is \(result.type) now, and \(type) was planned") }
        values[value.index] = result.outside(arena)
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

extension RunValue {
  /// The same value, without tensors that lie in the arena and are written over later.
  fileprivate func outside(_ arena: TensorStorage) -> RunValue {
    switch self {
    case .tensor(let tensor): tensor.storage === arena ? .tensor(tensor.copied()) : self
    case .sequence(let elements, let type): .sequence(elements.map { $0.outside(arena) }, of: type)
    case .optional(let value, let type): .optional(value?.outside(arena), of: type)
    case .map(let keys, let values):
      .map(keys: keys.storage === arena ? keys.copied() : keys, values: values.storage === arena ? values.copied() : values)
    }
  }
}
