import CarpusTensors

/// `Y` is the largest `X` along axes; NaN if one is.
///
/// - Operands: `X`, numbers or truth values (false is smaller than true); `axes` int64 `[n]` (an attribute before version 18), all
///   when left out.
public struct ReduceMax: ExtremalReducing {
  public static let signature = OperatorSignature("ReduceMax", operands: 1...2, gradient: .defined)
  static let reduction = Reduction.maximum
  let axes: ReductionAxes

  /// ∂X is the share of ∂Y where X is the largest: equals share it equally, as in PyTorch's `amax`.
  static let adjoint = ReductionAdjoint.Kind.extremum
}
