import CarpusTensors

/// `Y` is the smallest `X` along axes; NaN if one is.
///
/// - Operands: `X`, numbers or truth values (false is smaller than true); `axes` int64 `[n]` (an attribute before version 18), all
///   when left out.
public struct ReduceMin: ExtremalReducing {
  public static let signature = OperatorSignature("ReduceMin", operands: 1...2, gradient: .defined)
  static let reduction = Reduction.minimum
  let axes: ReductionAxes

  /// ∂X is the share of ∂Y where X is the smallest: equals share it equally, as in PyTorch's `amin`.
  static let adjoint = ReductionAdjoint.Kind.extremum
}
