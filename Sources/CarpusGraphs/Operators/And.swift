import CarpusTensors

/// `Y = A and B`, broadcast.
///
/// - Operands: `A`, `B`, truth values.
public struct And: Operator {
  public static let signature = OperatorSignature("And", since: 7, operands: 2...2, gradient: .stops)

  public init(_ node: inout NodeReader) throws(OperatorError) {}
  public init() {}

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try Logic.resultTypes(for: operands) }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try Logic.evaluate(operands, into: &results) { $0 && $1 }
  }

  // MARK: Gradient

  /// Truth values have no derivative.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil, nil] }
}
