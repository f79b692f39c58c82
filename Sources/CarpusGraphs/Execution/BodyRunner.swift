import CarpusTensors

/// Runs a graph that lies inside a node, for whatever types come in.
///
/// A plan is made when the types of the operands are new; where they change from one time to the next, only what they have in common
/// is kept, so that at the third time at the latest there is a plan that serves all.
struct BodyRunner {
  private let body: UntypedGraph
  /// What the graph around the body gives it, by slot.
  private let captured: [Int: RunValue]
  private let context: RunContext
  private let limit: Int
  private var types: [ValueType] = []
  private var workspace: Workspace?

  /// - Parameters:
  ///   - operands: of the node, from which the values of the graph around it are taken.
  ///   - limit: bytes that a run may take.
  init(_ body: UntypedGraph, _ operands: borrowing Operands, _ context: RunContext, limit: Int) {
    self.body = body
    self.context = context
    self.limit = limit
    captured = Self.captured(body, operands.all)
  }

  /// The outputs for these inputs.
  mutating func run(_ inputs: [RunValue]) throws(OperatorError) -> [RunValue] {
    guard inputs.count == body.inputs.count else {
      throw .operands("the body has \(body.inputs.count) inputs and gets \(inputs.count)")
    }
    do throws(GraphError) {
      if workspace == nil || !zip(types, inputs).allSatisfy({ $0.admits($1.type) }) { try plan(for: inputs) }
      guard let workspace else { return [] }
      var named: [String: RunValue] = [:]
      for (index, value) in inputs.enumerated() { named[Self.name(input: index)] = value }
      for (slot, value) in captured where value.tensor == nil { named[Self.name(capture: slot)] = value }
      return try workspace.run(values: named)
    } catch { throw Self.operatorError(error) }
  }

  private mutating func plan(for inputs: [RunValue]) throws(GraphError) {
    let new = inputs.map(\.type)
    types = types.isEmpty ? new : zip(types, new).map { $0.common($1) ?? $1 }
    let graph = try Self.graph(body, types: types, captured: captured.mapValues(\.info))
    workspace = Workspace(try Plan(graph, rewrites: []), context: context, memoryLimit: limit)
  }

  private static func name(input index: Int) -> String { "input \(index)" }
  private static func name(capture slot: Int) -> String { "captured \(slot)" }

  private static func captured<Operand>(_ body: UntypedGraph, _ operands: [Operand?]) -> [Int: Operand] {
    var result: [Int: Operand] = [:]
    for (slot, index) in zip(body.captures, body.captureOperands) where operands.indices.contains(index) { result[slot] = operands[index] }
    return result
  }

  /// The body as a graph of its own; tensors that it captures are constants in it.
  private static func graph(_ body: UntypedGraph, types: [ValueType], captured: [Int: OperandInfo]) throws(GraphError) -> Graph {
    var builder = GraphBuilder()
    var values: [Int: Value] = [:]
    for (index, (input, type)) in zip(body.inputs, types).enumerated() { values[input.slot] = builder.input(name(input: index), type) }
    for (slot, info) in captured.sorted(by: { $0.key < $1.key }) {
      if let tensor = info.value {
        values[slot] = builder.constant(tensor)
      } else if let type = info.type {
        values[slot] = builder.input(name(capture: slot), type)
      }
    }
    let outputs = try body.insert(into: &builder, values)
    return builder.finished(outputs: outputs.enumerated().map { NamedValue(name: "\($0)", value: $1) })
  }

  /// The types of the body's outputs.
  static func types(_ body: UntypedGraph, inputs: [ValueType], operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    guard inputs.count == body.inputs.count else {
      throw .operands("the body has \(body.inputs.count) inputs and gets \(inputs.count)")
    }
    do throws(GraphError) {
      let graph = try graph(body, types: inputs, captured: captured(body, operands))
      return graph.outputs.map { graph.type(of: $0.value) }
    } catch { throw operatorError(error) }
  }

  /// A refusal inside the body as one of the node around it.
  static func operatorError(_ error: GraphError) -> OperatorError {
    switch error.operatorError {
    case .tooLarge: .tooLarge("in its body: \(error)")
    case .unsupported: .unsupported("in its body: \(error)")
    default: .operands("in its body: \(error)")
    }
  }
}
