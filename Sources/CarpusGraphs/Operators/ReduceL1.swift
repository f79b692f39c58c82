import CarpusTensors

/// `Y = Σ |X|` over axes.
///
/// - Operands: `X`, numbers; integers wrap around; `axes` int64 `[n]` (an attribute before version 18), all when left out.
public struct ReduceL1: Operator {
  public static let signature = OperatorSignature("ReduceL1", operands: 1...2, gradient: .defined)
  private let axes: ReductionAxes

  public init(_ node: inout NodeReader) throws(OperatorError) { axes = try ReductionAxes(&node) }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try axes.resultTypes(for: operands) }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try axes.reduce(.l1, operands, into: &results)
  }

  // MARK: Gradient

  /// ∂X = ∂Y · sign X, 0 at 0.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    try axes.pullback(.l1, step, seeds[0], in: &graph)
  }
}
