import CarpusTensors

/// `Y = Σ X²` over axes.
///
/// - Operands: `X`, numbers; integers wrap around; `axes` int64 `[n]` (an attribute before version 18), all when left out.
public struct ReduceSumSquare: Operator {
  public static let signature = OperatorSignature("ReduceSumSquare", operands: 1...2, gradient: .defined)
  private let axes: ReductionAxes

  public init(_ node: inout NodeReader) throws(OperatorError) { axes = try ReductionAxes(&node) }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try axes.resultTypes(for: operands) }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try axes.reduce(.sumOfSquares, operands, into: &results)
  }

  // MARK: Gradient

  /// ∂X = 2 X ∂Y
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    try axes.pullback(.sumOfSquares, step, seeds[0], in: &graph)
  }
}
