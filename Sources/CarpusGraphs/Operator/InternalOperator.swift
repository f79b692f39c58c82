import CarpusTensors

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

extension Array where Element == OperandInfo {
  /// The types of the gradients of operands; those of no elements where an operand is absent or holds no real numbers.
  func gradientTypes(of indices: some Sequence<Int>) throws(OperatorError) -> [ValueType] {
    var types: [ValueType] = []
    for index in indices {
      let type = try optionalTensor(index)
      types.append(type.flatMap { $0.elementType.isFloatingPoint ? .tensor($0) : nil } ?? ValueType(.float32, [0] as PartialShape))
    }
    return types
  }
}
