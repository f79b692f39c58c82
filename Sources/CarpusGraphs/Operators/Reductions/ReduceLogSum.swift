import CarpusTensors
import Glibc

/// `Y = log Σ X` over axes; -∞ over none.
///
/// - Operands: `X`, numbers; `axes` int64 `[n]` (an attribute before version 18), all when left out.
///   Integers are calculated as float64, and the result is cut off towards 0.
public struct ReduceLogSum: CurvedReducing {
  public static let signature = OperatorSignature("ReduceLogSum", operands: 1...2, gradient: .defined)
  let axes: ReductionAxes

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try axes.reduce(operands, into: &results) { log($0.reduce(0, +)) }
  }

  // MARK: Gradient

  /// ∂X = ∂Y / Σ X
  static let adjoint = ReductionAdjoint.Kind.logSum
}
