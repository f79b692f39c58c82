import CarpusTensors

/// `Y = √Σ X²` over axes.
///
/// - Operands: `X`, floating-point; `axes` int64 `[n]` (an attribute before version 18), all when left out.
public struct ReduceL2: Operator {
  public static let signature = OperatorSignature("ReduceL2", operands: 1...2, gradient: .defined)
  private let axes: ReductionAxes

  public init(_ node: inout NodeReader) throws(OperatorError) { axes = try ReductionAxes(&node) }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try axes.resultTypes(for: operands) }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try axes.reduce(.l2, operands, into: &results)
  }

  // MARK: Gradient

  /// ∂X = ∂Y · X / Y, 0 where Y is 0, as in PyTorch.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    try axes.pullback(.l2, step, seeds[0], in: &graph)
  }
}
