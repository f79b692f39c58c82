import CarpusTensors

/// `Y = Σ |X|` over axes.
///
/// - Operands: `X`, numbers; integers wrap around; `axes` int64 `[n]` (an attribute before version 18), all when left out.
public struct ReduceL1: KernelReducing, CurvedReducing {
  public static let signature = OperatorSignature("ReduceL1", operands: 1...2, gradient: .defined)
  let axes: ReductionAxes
  static let reduction = Reduction.l1

  /// ∂X = ∂Y · sign X, 0 at 0.
  static let adjoint = ReductionAdjoint.Kind.l1
}
