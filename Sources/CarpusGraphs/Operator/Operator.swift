public import CarpusTensors

/// An operator: signature, attributes, shape rule, evaluation and pullback, in one file. No member has a default.
public protocol Operator: Sendable {
  static var signature: OperatorSignature { get }

  /// Takes the attributes of a node; whatever is not taken is refused.
  init(_ node: inout NodeReader) throws(OperatorError)

  /// The types of the results for operands of which types, and some values, are known. Extents that cannot be
  /// known yet stay unknown; the rule is run again with the actual operands before `evaluate`.
  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType]

  /// Writes every element of every wanted result. The types have been checked by `resultTypes`.
  func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError)

  /// Emits the vector-Jacobian products: for each operand the gradient of `Σ seeds · results`, or `nil` where
  /// none flows. A seed is `nil` where no gradient arrives at a result. All shapes are known.
  func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?]
}

/// An operator some of whose results may be one of its operands, unchanged. Such nodes never enter a graph.
public protocol Forwarding: Operator {
  /// For each result the index of the operand that it is, or `nil` when the node does some work after all.
  func forwarded(_ operands: [OperandInfo], as results: [ValueType]) -> [Int]?
}

/// An operator with one result that depends on the types of its operands, not on their elements.
public protocol Inspecting: Operator {
  /// The result, if what it depends on is known.
  func inspected(_ operands: [OperandInfo]) -> Tensor?
}

/// An operator that can do some work once, when a plan is made, from what is constant.
public protocol Preparing: Operator {
  /// An operator with the same operands and results, ready for these. Called with all shapes known.
  func prepared(for operands: [OperandInfo]) throws(OperatorError) -> any Operator
}

extension Operator {
  /// The types of the results, for operands of types that may reach this operator.
  func checkedTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    if signature.numerics == .computes {
      for (index, operand) in operands.enumerated() {
        guard let type = operand.type?.tensor?.elementType, !(type.isFloatingPoint || type.isInteger || type == .bool) else { continue }
        throw .operands("operand \(index) is of \(type); \(signature.name) calculates with numbers and truth values only")
      }
    }
    return try resultTypes(for: operands)
  }

  public var signature: OperatorSignature { Self.signature }
}
