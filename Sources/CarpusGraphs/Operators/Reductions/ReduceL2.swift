import CarpusTensors

/// `Y = √Σ X²` over axes.
///
/// - Operands: `X`, numbers; `axes` int64 `[n]` (an attribute before version 18), all when left out.
///   Integers are calculated as float64, and the result is cut off towards 0.
public struct ReduceL2: CurvedReducing {
  public static let signature = OperatorSignature("ReduceL2", operands: 1...2, gradient: .defined)
  let axes: ReductionAxes

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    guard results.elementType(0).isFloatingPoint else {
      return try axes.reduce(operands, into: &results) { $0.reduce(0) { $0 + $1 * $1 }.squareRoot() }
    }
    try axes.reduce(.l2, operands, into: &results)
  }

  // MARK: Gradient

  /// ∂X = ∂Y · X / Y, 0 where Y is 0, as in PyTorch.
  static let adjoint = ReductionAdjoint.Kind.l2
}
