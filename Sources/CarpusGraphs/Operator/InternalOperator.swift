/// An operator that no file can name: differentiation, rewriting or planning makes it.
protocol InternalOperator: Operator {}

extension InternalOperator {
  init(_ node: inout NodeReader) throws(OperatorError) {
    throw .unsupported("\(Self.signature.domain).\(Self.signature.name) is never read from a file")
  }

  /// A graph is differentiated once, before it is rewritten and planned.
  func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    throw .notDifferentiable("second derivatives are not available")
  }
}
