import CarpusTensors

/// `Y = Σ X` over axes.
///
/// - Operands: `X`, numbers; integers wrap around; `axes` int64 `[n]` (an attribute before version 13).
public struct ReduceSum: Operator {
  public static let signature = OperatorSignature("ReduceSum", operands: 1...2, gradient: .defined)
  private let axes: ReductionAxes

  public init(_ node: inout NodeReader) throws(OperatorError) { axes = try ReductionAxes(&node) }
  public init(axes: [Int], keepsAxes: Bool) { self.axes = ReductionAxes(axes, keepsAxes: keepsAxes) }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try axes.resultTypes(for: operands) }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try axes.reduce(.sum, operands, into: &results)
  }

  // MARK: Gradient

  /// ∂X[…] = ∂Y[… without the axes].
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    [try axes.spread(seeds[0], step, in: &graph)] + step.operands.dropFirst().map { _ in nil }
  }
}
