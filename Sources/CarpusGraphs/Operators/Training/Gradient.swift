import CarpusTensors

/// `∂(Σ y)/∂x` for each `x`, where `y = f(x…, z…)` is a part of the graph around the node: what lies between the values that the attributes `xs` and `zs` name and the value `y`.
/// The importer gives that part as the graph `body`. No gradient flows through the gradients themselves: they are made of adjoint
/// operators, which have none.
///
/// - Operands: values for `xs`, then for `zs`, at which the gradients are taken; then what the part takes from elsewhere in the graph, which counts as constant.
/// - Throws: when something on the way has no gradient.
///
/// Source: ONNX, ai.onnx.preview.training, Gradient-1.
public struct Gradient: Composed, SelfTyping {
  public static let signature = OperatorSignature(
    "Gradient", domain: "ai.onnx.preview.training", operands: 1...OperatorSignature.any, results: 1...OperatorSignature.any, numerics: .exact,
    gradient: .undefined)
  private let body: UntypedGraph
  private let sourceCount: Int

  public init(_ node: inout NodeReader) throws(OperatorError) {
    guard let body = try node.graph("body") else { throw .attribute("attribute y does not name a value of the graph") }
    guard let sources = try node.strings("xs"), !sources.isEmpty else { throw .attribute("attribute xs must name at least one value") }
    let others = try node.strings("zs") ?? []
    _ = try node.string("y")
    guard node.operandCount == sources.count + others.count, node.resultCount <= sources.count else {
      throw .attribute("xs and zs name \(sources.count + others.count) values, and the node has \(node.operandCount) operands")
    }
    self.body = body
    sourceCount = sources.count
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    var types: [ValueType] = []
    for index in 0..<sourceCount { types.append(.tensor(try operands.floatingTensor(index))) }
    return types
  }

  public func composed(
    _ operands: [Value?], _ infos: [OperandInfo], results: Int, in graph: inout GraphBuilder
  ) throws(OperatorError) -> [Value]? {
    guard infos.allSatisfy({ $0.type == nil || $0.type?.staticShape != nil }) else { return nil }
    var trial = graph
    var inputs: [Value] = []
    for operand in operands.prefix(body.inputs.count) {
      guard let operand else { throw .operands("an operand is missing") }
      // A value of its own, so that no gradient flows on from it to another of the values.
      inputs.append(try trial.add(Detached(), operand))
    }
    let target = try trial.inserting(body, inputs, of: operands)[0]
    do throws(GraphError) {
      let whole = trial.finished(outputs: [])
      let (differentiated, gradients) = try whole.differentiating(
        target, seed: whole.seed(of: target, index: nil), withRespectTo: Array(inputs.prefix(sourceCount)))
      graph = GraphBuilder(continuing: differentiated)
      return Array(gradients.prefix(results))
    } catch {
      if case .shapesUnknown = error { return nil }
      throw .notDifferentiable("\(error)")
    }
  }

  // MARK: Kernel

  func values(of operands: borrowing Operands, _ context: RunContext, limit: Int) throws(OperatorError) -> [RunValue] {
    try ComposedRunner.values(of: self, operands.all, results: sourceCount, context, limit: limit)
  }

  // MARK: Gradient

  /// Adjoint operators have no gradients of their own.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    throw .notDifferentiable("second derivatives are not available")
  }
}

/// `Y = X`, as a value of its own.
private struct Detached: InternalOperator {
  static let signature = OperatorSignature("Detached", domain: "carpus", operands: 1...1, numerics: .moves, gradient: .undefined)

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { [.tensor(try operands.tensor(0))] }
  func evaluate(_ operands: borrowing Operands, into results: inout Results) { results.copyElements(of: operands[0]) }
}
