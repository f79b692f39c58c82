import CarpusTensors

/// `Y = Σ X` over axes.
///
/// - Operands: `X`, numbers; integers wrap around; `axes` int64 `[n]` (an attribute before version 13).
public struct ReduceSum: KernelReducing, Writable {
  public static let signature = OperatorSignature("ReduceSum", operands: 1...2, gradient: .defined)
  static let reduction = Reduction.sum
  let axes: ReductionAxes

  /// Whether `[N, C, H, W]` becomes `[N, C, 1, 1]`.
  func keepsPlanes(_ operands: [OperandInfo]) -> Bool { axes.keepsPlanes(operands) }

  // MARK: Writing

  public func written(opset: Int) -> WrittenNode { axes.written("ReduceSum", operandSince: 13, opset: opset) }

  // MARK: Gradient

  /// ∂X[…] = ∂Y[… without the axes].
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    [try axes.spread(seeds[0], step, in: &graph)] + step.operands.dropFirst().map { _ in nil }
  }
}

extension ReduceSum {
  public init(axes: [Int], keepsAxes: Bool) { self.init(axes: ReductionAxes(axes, keepsAxes: keepsAxes)) }
}
