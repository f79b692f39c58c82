import CarpusTensors

/// `Y = A > B`, true or false, broadcast; false where one of them is NaN.
///
/// - Operands: `A`, `B` of one numeric type.
public struct Greater: Operator {
  public static let signature = OperatorSignature("Greater", since: 7, operands: 2...2, gradient: .stops)

  public init(_ node: inout NodeReader) throws(OperatorError) {}
  public init() {}

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    try Comparisons.resultTypes(for: operands, ordered: true)
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try Comparisons.evaluate(.greater, operands, into: &results)
  }

  // MARK: Gradient

  /// Truth values have no derivative.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil, nil] }
}
