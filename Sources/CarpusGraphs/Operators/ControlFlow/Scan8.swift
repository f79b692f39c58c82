import CarpusTensors

/// `Scan` as it was in version 8: all values have a batch axis in front and are scanned along axis 1, each example by itself.
///
/// - Operands: the lengths of the examples `[batch]`, may be left out; the first values; `num_scan_inputs` scanned tensors; then the values that the body takes
///   from the graph around it.
/// - Throws: when operands, body and attributes do not fit together.
public struct Scan8: Composed, SelfTyping {
  public static let signature = OperatorSignature(
    "Scan", since: 8, operands: 2...OperatorSignature.any, results: 1...OperatorSignature.any, numerics: .exact, gradient: .defined)
  private let steps: ScanSteps
  private var formalCount: Int { 1 + steps.stateCount + steps.inputCount }

  public init(_ node: inout NodeReader) throws(OperatorError) {
    steps = try ScanSteps(
      &node, operandCount: node.operandCount - 1, inputAxes: nil, inputDirections: node.ints("directions"), outputAxes: nil, outputDirections: nil)
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    var examples: [OperandInfo] = []
    var batch: Int?
    for index in 1..<formalCount {
      let type = try operands.tensor(index)
      if let rank = type.shape.rank, rank == 0 { throw .operands("operand \(index) needs a batch axis") }
      batch = batch ?? type.shape[0]
      examples.append(OperandInfo(type: ValueType(type.elementType, PartialShape(type.shape.extents.map { Array($0.dropFirst()) }))))
    }
    // The body's operands that come from outside keep their places.
    let results = try steps.resultTypes(for: examples, captured: operands)
    return results.map { type in
      guard let tensor = type.tensor else { return type }
      return ValueType(tensor.elementType, PartialShape(tensor.shape.extents.map { [batch] + $0 }))
    }
  }

  public func composed(
    _ operands: [Value?], _ infos: [OperandInfo], results: Int, in graph: inout GraphBuilder
  ) throws(OperatorError) -> [Value]? {
    let scanned = infos[1 + steps.stateCount].type?.staticShape?.extents ?? []
    guard scanned.count > 1, let batch = scanned.first, batch > 0,
      batch <= GraphBuilder.unrollingLimit / max(1, steps.body.nodes.count) / max(1, scanned[1])
    else { return nil }
    let lengths = infos.knownIntegers(0)
    if infos.isPresent(0), lengths == nil { return nil }
    if let lengths, lengths.count != batch { throw .operands("\(lengths.count) lengths for \(batch) examples") }
    var trial = graph, columns = [[Value]](repeating: [], count: steps.body.outputs.count)
    for example in 0..<batch {
      var parts: [Value?] = []
      for index in 1..<formalCount {
        guard infos[index].type?.staticShape?.extents.first == batch else { return nil }
        var part = try trial.add(Gather(axis: 0), operands[index], trial.constant(Tensor(scalar: Int64(example))))
        if index > steps.stateCount, let length = lengths?[example] {
          guard let extent = trial.type(of: part).staticShape?.extents.first, length > 0, length <= extent else {
            throw .operands("\(length) is not the length of an example")
          }
          part = try trial.padded(part, by: length - extent)
        }
        parts.append(part)
      }
      let types = parts.map { OperandInfo(type: $0.map(trial.type)) }
      // The body's operands that come from outside keep their places.
      guard let values = try steps.unrolled(parts, types, captured: operands, in: &trial) else { return nil }
      for (index, value) in values.enumerated() {
        // What lies behind the end of an example is 0.
        let missing = index < steps.stateCount ? 0 : (lengths?.max() ?? 0) - (lengths?[example] ?? 0)
        columns[index].append(try trial.padded(value, by: missing))
      }
    }
    var stacks: [Value] = []
    for column in columns.prefix(results) { stacks.append(try trial.stacked(column)) }
    graph = trial
    return stacks
  }

  // MARK: Kernel

  func values(of operands: borrowing Operands, _ context: RunContext, limit: Int) throws(OperatorError) -> [RunValue] {
    _ = try resultTypes(for: operands.infos)
    let batch = operands[1].shape[0], lengths = operands.integers(0)
    if let lengths, lengths.count != batch { throw .operands("\(lengths.count) lengths for \(batch) examples") }
    guard batch > 0 else { throw .operands("a scan needs at least one example") }
    var runner = BodyRunner(steps.body, operands, context, limit: limit)
    var columns = [Stack](repeating: Stack(limit: limit), count: steps.body.outputs.count)
    for example in 0..<batch {
      var parts: [RunValue?] = []
      for index in 1..<formalCount {
        guard operands[index].shape[0] == batch else { throw .operands("operand \(index) has \(operands[index].shape[0]) examples, not \(batch)") }
        var part = operands[index].part(example)
        if index > steps.stateCount, let length = lengths?[example] {
          guard part.shape.rank > 0, length > 0, length <= part.shape[0] else { throw .operands("\(length) is not the length of an example") }
          part = Tensor(elementType: part.elementType, shape: Shape([length] + part.shape.extents.dropFirst()), storage: part.storage, offset: part.offset)
        }
        parts.append(.tensor(part))
      }
      let results = try steps.run(parts, &runner, context.team, limit: limit)
      for (index, result) in results.enumerated() {
        guard let tensor = result.tensor, index >= steps.stateCount, let length = lengths?[example] else { try columns[index].append(result); continue }
        // What lies behind the end of an example is 0.
        var extents = tensor.shape.extents
        extents[0] = lengths?.max() ?? length
        let padded = Tensor(zeros: tensor.elementType, shape: Shape(extents))
        padded.storage.fill(from: tensor.bytes)
        try columns[index].append(.tensor(padded))
      }
    }
    return columns.map { .tensor($0.tensor()) }
  }

  // MARK: Gradient

  /// A scan of known lengths stands in the graph unrolled.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    throw Self.refuseUnrolled()
  }
}

extension GraphBuilder {
  /// Zeros are put at the end of the first axis; with a negative number elements are taken away there.
  fileprivate mutating func padded(_ x: Value, by count: Int) throws(OperatorError) -> Value {
    guard count != 0, let rank = type(of: x).tensor?.shape.rank, rank > 0 else { return x }
    let none = [Int](repeating: 0, count: rank - 1)
    return try add(Pad(zeros: [0] + none + [count] + none), x)
  }
}
