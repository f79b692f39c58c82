import CarpusTensors

/// `Y = Σ X²` over axes.
///
/// - Operands: `X`, numbers; integers wrap around; `axes` int64 `[n]` (an attribute before version 18), all when left out.
public struct ReduceSumSquare: KernelReducing, CurvedReducing {
  public static let signature = OperatorSignature("ReduceSumSquare", operands: 1...2, gradient: .defined)
  let axes: ReductionAxes
  static let reduction = Reduction.sumOfSquares

  /// ∂X = 2 X ∂Y
  static let adjoint = ReductionAdjoint.Kind.sumOfSquares
}
