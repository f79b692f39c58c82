import CarpusTensors

/// Runs `body` for each position of its sequences: a result is the sequence of what it gives there.
///
/// - Operands: a sequence; any number of sequences of the same length and of tensors, which every run gets; then the values that the body takes from the
///   graph around it.
/// - Throws: when the sequences differ in length, or the body has other numbers of inputs and outputs.
public struct SequenceMap: Composed, SelfTyping {
  public static let signature = OperatorSignature(
    "SequenceMap", since: 17, operands: 1...OperatorSignature.any, results: 1...OperatorSignature.any, numerics: .exact, gradient: .defined)
  private let body: UntypedGraph

  public init(_ node: inout NodeReader) throws(OperatorError) {
    guard let body = try node.graph("body") else { throw .attribute("attribute body is missing: the graph to run") }
    guard body.inputs.count == node.operandCount, node.resultCount <= body.outputs.count else {
      throw .attribute("attribute body must be a graph of \(node.operandCount) inputs and \(node.resultCount) outputs")
    }
    self.body = body
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    _ = try operands.sequence(0)
    var inputs: [ValueType] = []
    for index in body.inputs.indices {
      guard operands.isPresent(index), let type = operands[index].type else { throw .operands("operand \(index) is missing") }
      if case .sequence(let element) = type { inputs.append(element) } else { inputs.append(type) }
    }
    return try BodyRunner.types(body, inputs: inputs, operands: operands).map(ValueType.sequence)
  }

  /// The body once for each position, where the elements of all sequences are known values.
  public func composed(
    _ operands: [Value?], _ infos: [OperandInfo], results: Int, in graph: inout GraphBuilder
  ) throws(OperatorError) -> [Value]? {
    guard let count = graph.elements(of: operands[0])?.count, count > 0, count <= GraphBuilder.unrollingLimit / max(1, body.nodes.count)
    else { return nil }
    var trial = graph, columns = [[Value?]](repeating: [], count: body.outputs.count)
    for position in 0..<count {
      var inputs: [Value] = []
      for index in body.inputs.indices {
        guard let operand = operands[index] else { throw .operands("operand \(index) is missing") }
        guard case .sequence? = infos[index].type else { inputs.append(operand); continue }
        guard let elements = trial.elements(of: operand) else { return nil }
        guard elements.count == count else { throw .operands("sequences of \(count) and \(elements.count) elements; they must have as many") }
        inputs.append(elements[position])
      }
      for (index, value) in try trial.inserting(body, inputs, of: operands).enumerated() { columns[index].append(value) }
    }
    var sequences: [Value] = []
    for column in columns.prefix(results) { sequences += try trial.add(SequenceConstruct(), column, results: 1) }
    graph = trial
    return sequences
  }

  // MARK: Kernel

  func values(of operands: borrowing Operands, _ context: RunContext, limit: Int) throws(OperatorError) -> [RunValue] {
    var runner = BodyRunner(body, operands, context, limit: limit)
    var columns = [[RunValue]](repeating: [], count: body.outputs.count)
    let count = operands.sequence(0).count
    for position in 0..<count {
      var inputs: [RunValue] = []
      for index in body.inputs.indices {
        switch operands.value(index) {
        case .sequence(let elements, _)?:
          guard elements.count == count else { throw .operands("sequences of \(count) and \(elements.count) elements; they must have as many") }
          inputs.append(elements[position])
        case let value?: inputs.append(value)
        case nil: throw .operands("operand \(index) is missing")
        }
      }
      for (index, value) in try runner.run(inputs).enumerated() { columns[index].append(value) }
    }
    let types = try resultTypes(for: operands.infos)
    return zip(types, columns).map { type, column in
      guard case .sequence(let element) = type else { return .sequence(column, of: type) }
      return RunValue.sequence([], of: element).replacing(column)
    }
  }

  // MARK: Gradient

  /// A map over known elements stands in the graph unrolled.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    throw SequenceConstruct.unknownElements
  }
}
