import CarpusTensors

/// The results of `then_branch` where the condition is true, those of `else_branch` elsewhere.
///
/// - Operands: the condition, a truth value; then the values that the branches take from the graph around them.
/// - Throws: when the branches have other numbers of outputs than the node has results, or outputs of different kinds.
public struct If: Selecting, SelfTyping {
  public static let signature = OperatorSignature("If", operands: 1...OperatorSignature.any, results: 0...OperatorSignature.any, numerics: .exact, gradient: .defined)
  private let branches: (then: UntypedGraph, other: UntypedGraph)

  public init(_ node: inout NodeReader) throws(OperatorError) {
    guard let then = try node.graph("then_branch"), let other = try node.graph("else_branch") else {
      throw .attribute("attributes then_branch and else_branch are needed, both graphs")
    }
    for (name, branch) in [("then_branch", then), ("else_branch", other)] where branch.outputs.count < node.resultCount || !branch.inputs.isEmpty {
      throw .attribute("attribute \(name) must be a graph without inputs and with \(node.resultCount) outputs")
    }
    branches = (then, other)
  }

  private func branch(_ condition: [Int]) throws(OperatorError) -> UntypedGraph {
    guard condition.count == 1 else { throw .operands("the condition must be one truth value, not \(condition.count)") }
    return condition[0] != 0 ? branches.then : branches.other
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    guard try operands.tensor(0).elementType == .bool else { throw .operands("the condition must be a truth value") }
    if let condition = operands.knownIntegers(0) {
      return try BodyRunner.types(branch(condition), inputs: [], operands: operands)
    }
    let then = try BodyRunner.types(branches.then, inputs: [], operands: operands)
    let other = try BodyRunner.types(branches.other, inputs: [], operands: operands)
    var common: [ValueType] = []
    for (a, b) in zip(then, other) {
      guard let type = a.common(b) else { throw .operands("one branch gives \(a), the other \(b)") }
      common.append(type)
    }
    return common
  }

  public func composed(
    _ operands: [Value?], _ infos: [OperandInfo], results: Int, in graph: inout GraphBuilder
  ) throws(OperatorError) -> [Value]? {
    guard try infos.tensor(0).elementType == .bool, let condition = infos.knownIntegers(0) else { return nil }
    return Array(try graph.inserting(branch(condition), [], of: operands).prefix(results))
  }

  // MARK: Kernel

  func values(of operands: borrowing Operands, _ context: RunContext, limit: Int) throws(OperatorError) -> [RunValue] {
    var runner = BodyRunner(try branch(operands.integers(0) ?? []), operands, context, limit: limit)
    return try runner.run([])
  }

  // MARK: Gradient

  /// A branch that is known stands in the graph itself.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    throw Self.refuseUnrolled()
  }
}

extension GraphBuilder {
  /// Inserts the graph of a node: its inputs become `inputs`, and what it captures comes from the operands of the node.
  mutating func inserting(_ body: UntypedGraph, _ inputs: [Value], of operands: [Value?]) throws(OperatorError) -> [Value] {
    guard inputs.count == body.inputs.count else {
      throw .operands("the body has \(body.inputs.count) inputs and gets \(inputs.count)")
    }
    var values: [Int: Value] = [:]
    for (input, value) in zip(body.inputs, inputs) { values[input.slot] = value }
    for (slot, index) in zip(body.captures, body.captureOperands) { values[slot] = operands[index] }
    do throws(GraphError) { return try body.insert(into: &self, values) } catch { throw BodyRunner.operatorError(error) }
  }

  /// How many nodes a loop may become.
  static var unrollingLimit: Int { 20_000 }

  /// False when a loop that stands unrolled since `start`, what its body became included, has become too large, or the whole graph has.
  func mayUnroll(since start: GraphBuilder) -> Bool {
    valueCount - start.valueCount <= 4 * Self.unrollingLimit && valueCount <= Self.valueLimit / 2
  }
}
