import CarpusTensors

/// Runs `body` for each slice of its scanned operands: `(v₁ … vₙ, s₁ … sₖ) = body(v₁ … vₙ, x₁[t] … xₘ[t])`. Results are the last `v`,
/// and the `s` of all steps stacked. Which axis is scanned, in which direction, and where results are stacked, is said by
/// `scan_input_axes`, `scan_input_directions`, `scan_output_axes` and `scan_output_directions`.
///
/// - Operands: the first values `v`; `num_scan_inputs` tensors `x` of one extent along their scanned axes; then the values that the body takes from
///   the graph around it.
/// - Throws: when operands, body and attributes do not fit together.
public struct Scan: Composed, SelfTyping {
  public static let signature = OperatorSignature(
    "Scan", since: 9, operands: 1...OperatorSignature.any, results: 1...OperatorSignature.any, numerics: .exact, gradient: .defined)
  private let steps: ScanSteps

  public init(_ node: inout NodeReader) throws(OperatorError) {
    steps = try ScanSteps(
      &node, operandCount: node.operandCount, inputAxes: node.ints("scan_input_axes"), inputDirections: node.ints("scan_input_directions"),
      outputAxes: node.ints("scan_output_axes"), outputDirections: node.ints("scan_output_directions"))
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try steps.resultTypes(for: operands) }

  public func composed(
    _ operands: [Value?], _ infos: [OperandInfo], results: Int, in graph: inout GraphBuilder
  ) throws(OperatorError) -> [Value]? {
    var trial = graph
    guard let values = try steps.unrolled(operands, infos, captured: operands, in: &trial) else { return nil }
    graph = trial
    return Array(values.prefix(results))
  }

  // MARK: Kernel

  func values(of operands: borrowing Operands, _ context: RunContext, limit: Int) throws(OperatorError) -> [RunValue] {
    var runner = BodyRunner(steps.body, operands, context, limit: limit)
    return try steps.run(operands.all, &runner, context.team, limit: limit)
  }

  // MARK: Gradient

  /// A scan of known length stands in the graph unrolled.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    throw Self.refuseUnrolled()
  }
}

/// The body of a scan and the axes that it walks along.
struct ScanSteps: Sendable {
  let body: UntypedGraph
  let stateCount: Int
  let inputCount: Int
  private let inputAxes: [Int]
  private let outputAxes: [Int]
  private let inputIsReversed: [Bool]
  private let outputIsReversed: [Bool]
  private var outputCount: Int { body.outputs.count - stateCount }

  /// - Parameter operandCount: states and scanned operands.
  init(
    _ node: inout NodeReader, operandCount: Int, inputAxes: [Int]?, inputDirections: [Int]?, outputAxes: [Int]?, outputDirections: [Int]?
  ) throws(OperatorError) {
    guard let body = try node.graph("body") else { throw .attribute("attribute body is missing: the graph to run") }
    guard let count = try node.int("num_scan_inputs"), count > 0, count <= operandCount else {
      throw .attribute("attribute num_scan_inputs must be one of 1…\(operandCount)")
    }
    self.body = body
    inputCount = count
    stateCount = operandCount - count
    guard body.inputs.count == operandCount, body.outputs.count >= stateCount, node.resultCount <= body.outputs.count else {
      throw .attribute(
        "attribute body must be a graph of \(operandCount) inputs and at least \(stateCount) outputs, not of \(body.inputs.count) and \(body.outputs.count)")
    }
    let scans = body.outputs.count - stateCount
    func list(_ values: [Int]?, _ count: Int, _ name: String) throws(OperatorError) -> [Int] {
      let values = values ?? [Int](repeating: 0, count: count)
      guard values.count == count else { throw .attribute("attribute \(name) must have \(count) numbers, not \(values.count)") }
      return values
    }
    func directions(_ values: [Int]?, _ count: Int, _ name: String) throws(OperatorError) -> [Bool] {
      let values = try list(values, count, name)
      guard values.allSatisfy({ $0 == 0 || $0 == 1 }) else { throw .attribute("attribute \(name) must hold 0 and 1 only") }
      return values.map { $0 == 1 }
    }
    self.inputAxes = try list(inputAxes, count, "scan_input_axes")
    self.outputAxes = try list(outputAxes, scans, "scan_output_axes")
    inputIsReversed = try directions(inputDirections, count, "scan_input_directions")
    outputIsReversed = try directions(outputDirections, scans, "scan_output_directions")
  }

  /// The axis of each scanned operand and the number of steps, as far as it is known.
  private func length(_ operands: [OperandInfo]) throws(OperatorError) -> (axes: [Int?], length: Int?) {
    var axes: [Int?] = []
    var length: Int?
    for index in 0..<inputCount {
      let shape = try operands.tensor(stateCount + index).shape
      guard let rank = shape.rank else { axes.append(nil); continue }
      let axis = try Axes.resolved(inputAxes[index], rank: rank)
      axes.append(axis)
      if let extent = shape[axis] {
        if let length, length != extent { throw .operands("the scanned operands have \(length) and \(extent) slices; they must have as many") }
        length = extent
      }
    }
    return (axes, length)
  }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try resultTypes(for: operands, captured: operands) }

  /// - Parameter all: the operands of the node, among which those are that the body captures.
  func resultTypes(for operands: [OperandInfo], captured all: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let (axes, length) = try length(operands)
    var inputs: [ValueType] = []
    for index in 0..<stateCount { inputs.append(.tensor(try operands.tensor(index))) }
    for index in 0..<inputCount {
      let type = try operands.tensor(stateCount + index)
      var extents = type.shape.extents
      if let axis = axes[index] { extents?.remove(at: axis) }
      inputs.append(ValueType(type.elementType, PartialShape(extents)))
    }
    let outputs = try BodyRunner.types(body, inputs: inputs, operands: all)
    for (state, output) in zip(inputs.prefix(stateCount), outputs) where state.common(output) == nil {
      throw .operands("a value of the scan is \(state) first and \(output) later")
    }
    var results = zip(inputs.prefix(stateCount), outputs).map { $0.common($1) ?? $1 }
    for (index, output) in outputs.dropFirst(stateCount).enumerated() {
      guard let type = output.tensor else { throw .operands("only tensors can be stacked, not \(output)") }
      var extents = type.shape.extents
      if let rank = extents?.count { extents?.insert(length, at: try Axes.resolved(outputAxes[index], rank: rank + 1)) }
      results.append(ValueType(type.elementType, PartialShape(extents)))
    }
    return results
  }

  /// The steps as nodes; `nil` when their number is not known, or there are too many.
  ///
  /// - Parameter all: the operands of the node, among which those are that the body captures.
  func unrolled(
    _ operands: [Value?], _ infos: [OperandInfo], captured all: [Value?], in graph: inout GraphBuilder
  ) throws(OperatorError) -> [Value]? {
    let (axes, length) = try length(infos)
    guard let length, length > 0, length <= GraphBuilder.unrollingLimit / max(1, body.nodes.count) else { return nil }
    let formal = operands.prefix(stateCount + inputCount).compactMap { $0 }
    guard formal.count == stateCount + inputCount, infos.prefix(formal.count).allSatisfy({ $0.type?.staticShape != nil }) else { return nil }
    var states = Array(formal.prefix(stateCount))
    var scans = [[Value]](repeating: [], count: outputCount)
    let start = graph
    for step in 0..<length {
      guard graph.mayUnroll(since: start) else { return nil }
      var slices: [Value] = []
      for index in 0..<inputCount {
        let position = inputIsReversed[index] ? length - 1 - step : step
        slices.append(
          try graph.add(Gather(axis: axes[index] ?? 0), formal[stateCount + index], graph.constant(Tensor(scalar: Int64(position)))))
      }
      let outputs = try graph.inserting(body, states + slices, of: all)
      states = Array(outputs.prefix(stateCount))
      for index in 0..<outputCount { scans[index].append(outputs[stateCount + index]) }
    }
    for index in 0..<outputCount {
      let rank = graph.type(of: scans[index][0]).tensor?.shape.rank ?? 0
      states.append(
        try graph.stacked(outputIsReversed[index] ? scans[index].reversed() : scans[index], axis: Axes.resolved(outputAxes[index], rank: rank + 1)))
    }
    return states
  }

  /// Runs the steps.
  ///
  /// - Parameter operands: states and scanned tensors come first.
  func run(_ operands: [RunValue?], _ runner: inout BodyRunner, _ team: ThreadTeam, limit: Int) throws(OperatorError) -> [RunValue] {
    let infos = operands.map { $0?.info ?? .absent }
    let (axes, length) = try length(infos)
    var states = operands.prefix(stateCount).compactMap { $0 }
    let inputs = operands.dropFirst(stateCount).prefix(inputCount).compactMap { $0?.tensor }
    guard states.count == stateCount, inputs.count == inputCount, let length else { throw .operands("an operand is missing") }
    var stacks = [Stack](repeating: Stack(limit: limit), count: outputCount)
    for step in 0..<length {
      let slices = inputs.indices.map { index in
        let position = inputIsReversed[index] ? length - 1 - step : step
        return RunValue.tensor(inputs[index].slice(position, axis: axes[index] ?? 0, team: team))
      }
      let outputs = try runner.run(states + slices)
      states = Array(outputs.prefix(stateCount))
      for index in 0..<outputCount { try stacks[index].append(outputs[stateCount + index]) }
    }
    let types = length == 0 ? try resultTypes(for: infos) : []
    for index in 0..<outputCount {
      if stacks[index].isEmpty { states.append(.tensor(Stack.empty(types[stateCount + index]))); continue }
      if outputIsReversed[index] { stacks[index].reverse() }
      let stacked = stacks[index].tensor()
      let axis = try Axes.resolved(outputAxes[index], rank: stacked.shape.rank)
      var order = Array(1..<max(1, stacked.shape.rank))
      order.insert(0, at: axis)
      states.append(.tensor(axis == 0 ? stacked : stacked.permuted(order, team: team)))
    }
    return states
  }
}

extension Tensor {
  /// The slice at a position of an axis, which is dropped.
  func slice(_ position: Int, axis: Int, team: ThreadTeam) -> Tensor {
    if axis == 0 { return part(position) }
    var extents = shape.extents
    extents.remove(at: axis)
    var strides = shape.strides
    let step = strides.remove(at: axis), target = Shape(extents)
    return Tensor(elementType: elementType, shape: target) { bytes in
      Kernels.copyStrided(
        self.bytes, sourceOffset: position * step, sourceStrides: strides, into: &bytes, targetStrides: target.strides, extents: extents,
        elementSize: elementType.byteCount, team: team)
    }
  }
}
