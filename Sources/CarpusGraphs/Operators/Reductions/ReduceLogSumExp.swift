import CarpusTensors
import Glibc

/// `Y = log Σ exp X` over axes, without overflow; -∞ over none.
///
/// - Operands: `X`, numbers; `axes` int64 `[n]` (an attribute before version 18), all when left out.
///   Integers are calculated as float64, and the result is cut off towards 0.
public struct ReduceLogSumExp: CurvedReducing {
  public static let signature = OperatorSignature("ReduceLogSumExp", operands: 1...2, gradient: .defined)
  let axes: ReductionAxes

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try axes.reduce(operands, into: &results) { numbers in
      var largest = -Double.infinity
      for number in numbers where number > largest || number.isNaN { largest = number }
      guard largest.isFinite else { return largest }
      return largest + log(numbers.reduce(0) { $0 + exp($1 - largest) })
    }
  }

  // MARK: Gradient

  /// ∂X = exp(X - Y) ∂Y, 0 where X is -∞.
  static let adjoint = ReductionAdjoint.Kind.logSumExp
}
