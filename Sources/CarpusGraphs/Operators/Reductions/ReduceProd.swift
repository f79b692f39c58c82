import CarpusTensors

/// `Y = Π X` over axes.
///
/// - Operands: `X`, numbers; integers wrap around; `axes` int64 `[n]` (an attribute before version 18), all when left out.
public struct ReduceProd: KernelReducing, CurvedReducing {
  public static let signature = OperatorSignature("ReduceProd", operands: 1...2, gradient: .defined)
  let axes: ReductionAxes
  static let reduction = Reduction.product

  /// ∂X is ∂Y times the product of the other elements.
  static let adjoint = ReductionAdjoint.Kind.product
}
