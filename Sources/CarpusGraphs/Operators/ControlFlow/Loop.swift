import CarpusTensors

/// Runs `body` again and again, at most `M` times and as long as its condition is true:
/// `(condition, v₁ … vₙ, s₁ … sₖ) = body(iteration, condition, v₁ … vₙ)`. Results are the last `v`, and the `s` of all iterations
/// stacked along a new first axis.
///
/// - Operands: `M`, an integer, may be left out; the condition, may be left out; the first values `v`, of any type; then the values that the body
///   takes from the graph around it.
/// - Throws: when the body has not n + 2 inputs and 1 + n + k outputs, or its values change their kind or element type.
public struct Loop: Composed, SelfTyping {
  public static let signature = OperatorSignature(
    "Loop", operands: 2...OperatorSignature.any, results: 1...OperatorSignature.any, numerics: .exact, gradient: .defined)
  private let body: UntypedGraph
  private let carried: Range<Int>
  private let scanCount: Int

  public init(_ node: inout NodeReader) throws(OperatorError) {
    guard let body = try node.graph("body") else { throw .attribute("attribute body is missing: the graph to run") }
    self.body = body
    carried = 2..<max(2, node.operandCount)
    scanCount = body.outputs.count - 1 - carried.count
    guard scanCount >= 0, body.inputs.count == carried.count + 2, node.resultCount <= body.outputs.count - 1 else {
      throw .attribute(
        "attribute body must be a graph of \(carried.count + 2) inputs and at least \(carried.count + 1) outputs, not of \(body.inputs.count) and \(body.outputs.count)")
    }
  }

  /// How often the body is run at most; `nil`: no limit is given. The inner `nil`: not known yet.
  private func limit(_ operands: [OperandInfo]) throws(OperatorError) -> Int?? {
    guard operands.isPresent(0) else { return .some(nil) }
    guard let count = operands.knownIntegers(0) else { return nil }
    guard count.count == 1 else { throw .operands("the number of iterations must be one number, not \(count.count)") }
    return max(0, count[0])
  }

  private static func isTrue(_ value: Tensor?) throws(OperatorError) -> Bool? {
    guard let value else { return nil }
    guard value.elementType == .bool, value.shape.count == 1 else { throw .operands("the condition must be one truth value") }
    return value.integers?[0] != 0
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    var states: [ValueType] = []
    for index in carried {
      guard operands.isPresent(index), let type = operands[index].type else { throw .operands("operand \(index) is missing") }
      states.append(type)
    }
    var outputs: [ValueType] = []
    // What an iteration changes is unknown; after a few rounds nothing is left that could change.
    for round in 0... {
      let inputs = [ValueType(.int64, Shape([])), ValueType(.bool, Shape([]))] + states
      outputs = try BodyRunner.types(body, inputs: inputs, operands: operands)
      var common: [ValueType] = []
      for (state, output) in zip(states, outputs.dropFirst()) {
        guard let type = state.common(output) else { throw .operands("a value of the loop is \(state) first and \(output) later") }
        common.append(type)
      }
      if common == states { break }
      guard round < 64 else { throw .operands("the types of the loop's values never settle") }
      states = common
    }
    var results = states
    for scan in outputs.suffix(scanCount) {
      guard let type = scan.tensor else { throw .operands("only tensors can be stacked, not \(scan)") }
      results.append(ValueType(type.elementType, PartialShape(type.shape.extents.map { [nil] + $0 })))
    }
    return results
  }

  public func composed(
    _ operands: [Value?], _ infos: [OperandInfo], results: Int, in graph: inout GraphBuilder
  ) throws(OperatorError) -> [Value]? {
    guard case .some(let limit) = try limit(infos), var goes = infos.isPresent(1) ? try Self.isTrue(infos[1].value) : true else { return nil }
    if let limit, goes, limit > GraphBuilder.unrollingLimit / max(1, body.nodes.count) { return nil }
    var trial = graph
    var states: [Value] = []
    for index in carried {
      guard let state = operands[index] else { throw .operands("operand \(index) is missing") }
      states.append(state)
    }
    var scans = [[Value]](repeating: [], count: scanCount)
    var iteration = 0
    while goes, limit.map({ iteration < $0 }) ?? true {
      guard iteration * max(1, body.nodes.count) <= GraphBuilder.unrollingLimit, trial.mayUnroll(since: graph) else { return nil }
      let inputs = [trial.constant(Tensor(scalar: Int64(iteration))), trial.constant(Tensor(scalar: true))] + states
      let outputs = try trial.inserting(body, inputs, of: operands)
      guard let next = try Self.isTrue(trial.constant(outputs[0])) else { return nil }
      goes = next
      states = Array(outputs[1..<1 + carried.count])
      for index in 0..<scanCount { scans[index].append(outputs[1 + carried.count + index]) }
      iteration += 1
    }
    guard iteration > 0 || scanCount == 0 else { return nil }
    for scan in scans { states.append(try trial.stacked(scan)) }
    graph = trial
    return Array(states.prefix(results))
  }

  // MARK: Kernel

  func values(of operands: borrowing Operands, _ context: RunContext, limit: Int) throws(OperatorError) -> [RunValue] {
    guard case .some(let last) = try self.limit(operands.infos) else { throw .operands("the number of iterations is no integer") }
    var goes = try Self.isTrue(operands.optional(1)) ?? true
    var states: [RunValue] = []
    for index in carried {
      guard let state = operands.value(index) else { throw .operands("operand \(index) is missing") }
      states.append(state)
    }
    var runner = BodyRunner(body, operands, context, limit: limit)
    var scans = [Stack](repeating: Stack(limit: limit), count: scanCount)
    var iteration = 0
    while goes, last.map({ iteration < $0 }) ?? true {
      let outputs = try runner.run([.tensor(Tensor(scalar: Int64(iteration))), .tensor(Tensor(scalar: true))] + states)
      goes = try Self.isTrue(outputs[0].tensor) ?? true
      for (index, (old, new)) in zip(states, outputs.dropFirst()).enumerated() {
        guard old.type.common(new.type) != nil else { throw .operands("a value of the loop is \(old.type) first and \(new.type) later") }
        states[index] = new
      }
      for index in 0..<scanCount { try scans[index].append(outputs[1 + carried.count + index]) }
      iteration += 1
    }
    let types = iteration == 0 && scanCount > 0 ? try resultTypes(for: operands.infos) : []
    for index in 0..<scanCount {
      states.append(.tensor(scans[index].isEmpty ? Stack.empty(types[carried.count + index]) : scans[index].tensor()))
    }
    return states
  }

  // MARK: Gradient

  /// A loop whose number of iterations is known stands in the graph unrolled.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    throw Self.refuseUnrolled()
  }
}

/// Tensors of one type that are put on top of each other along a new first axis.
struct Stack {
  private var parts: [Tensor] = []
  private var byteCount = 0
  private let limit: Int

  /// - Parameter limit: bytes.
  init(limit: Int) { self.limit = limit }

  var isEmpty: Bool { parts.isEmpty }

  mutating func append(_ value: RunValue) throws(OperatorError) {
    guard let tensor = value.tensor else { throw .operands("only tensors can be stacked, not \(value.type)") }
    if let first = parts.first, first.shape != tensor.shape || first.elementType != tensor.elementType {
      throw .operands("a loop gives \(first.elementType) \(first.shape) first and \(tensor.elementType) \(tensor.shape) later; they cannot be stacked")
    }
    // The parts, what each takes besides its elements, and, later, the whole.
    byteCount += 2 * tensor.byteCount + 512
    guard byteCount <= limit else { throw .tooLarge("what the loop collects takes more than the \(limit / 1_000_000) MB that are left") }
    parts.append(tensor)
  }

  mutating func reverse() { parts.reverse() }

  /// - Precondition: there is a part.
  func tensor() -> Tensor {
    let first = parts[0], shape = Shape([parts.count] + first.shape.extents)
    if first.elementType == .string { return Tensor(parts.flatMap { $0.texts ?? [] }, shape: shape) }
    let storage = TensorStorage(byteCount: shape.count * first.elementType.byteCount)
    for (index, part) in parts.enumerated() { storage.fill(from: part.bytes, at: index * part.byteCount) }
    return Tensor(elementType: first.elementType, shape: shape, storage: storage)
  }

  /// No parts; extents that are not known are 0.
  static func empty(_ type: ValueType) -> Tensor {
    let extents = type.tensor?.shape.extents ?? [0]
    return Tensor(zeros: type.tensor?.elementType ?? .float32, shape: Shape([0] + extents.dropFirst().map { $0 ?? 0 }))
  }
}

extension GraphBuilder {
  /// Values of one shape on top of each other along a new axis.
  mutating func stacked(_ values: [Value], axis: Int = 0) throws(OperatorError) -> Value {
    var rows: [Value?] = []
    for value in values { rows.append(try add(Unsqueeze(axes: [axis]), value)) }
    return try add(Concat(axis: axis), rows, results: 1)[0]
  }
}
