/// An operator that always becomes other nodes: they are put in its place or, where it takes a run to know which, run by themselves.
protocol StandIn: Composed, SelfTyping {}

extension StandIn {
  func values(of operands: borrowing Operands, _ context: RunContext, limit: Int) throws(OperatorError) -> [RunValue] {
    try ComposedRunner.values(of: self, operands.all, results: Self.signature.results.upperBound, context, limit: limit)
  }

  /// Gradients flow through the nodes that it becomes.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard Self.signature.gradient == .stops else {
      throw .notDifferentiable("a gradient flows through \(Self.signature.name) only where the axes of its operands are known before the run")
    }
    return step.operands.map { _ in nil }
  }
}
