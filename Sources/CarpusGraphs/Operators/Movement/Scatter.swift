import CarpusTensors

/// The predecessor of `ScatterElements`, without a reduction.
///
/// - Operands: as of `ScatterElements`.
public struct Scatter: Operator {
  public static let signature = OperatorSignature("Scatter", since: 9, operands: 3...3, numerics: .moves, gradient: .defined)
  private let replacement: ElementReplacement

  public init(_ node: inout NodeReader) throws(OperatorError) {
    replacement = ElementReplacement(axis: try node.int("axis") ?? 0, reduction: .none)
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try replacement.resultTypes(for: operands) }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try replacement.evaluate(operands, into: &results)
  }

  // MARK: Gradient

  /// See `ScatterAdjoint`.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    try replacement.pullback(step, seeds, in: &graph)
  }
}
