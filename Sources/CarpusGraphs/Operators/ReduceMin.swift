import CarpusTensors

/// `Y` is the smallest `X` along axes; NaN if one is.
///
/// - Operands: `X`, numbers; `axes` int64 `[n]` (an attribute before version 18), all when left out.
public struct ReduceMin: Operator {
  public static let signature = OperatorSignature("ReduceMin", operands: 1...2, gradient: .defined)
  private let axes: ReductionAxes

  public init(_ node: inout NodeReader) throws(OperatorError) { axes = try ReductionAxes(&node) }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try axes.resultTypes(for: operands) }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try axes.reduce(.minimum, operands, into: &results)
  }

  // MARK: Gradient

  /// ∂X is the share of ∂Y where X is the smallest: equals share it equally, as in PyTorch's `amin`.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    try axes.pullback(.extremum, step, seeds[0], in: &graph)
  }
}
