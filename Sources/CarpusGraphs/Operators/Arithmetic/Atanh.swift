import CarpusTensors
import Glibc

/// `Y = artanh X`; NaN outside -1…1, infinite at the ends.
///
/// - Operands: `X`, floating-point, any shape.
public struct Atanh: RealMap, Attributeless {
  public static let signature = OperatorSignature("Atanh", since: 9, operands: 1...1, gradient: .defined)
  /// ∂X = ∂Y / (1 - X²)
  let function = RealFunction { atanh($0) } derivative: { 1 / ((1 - $0) * (1 + $0)) }
}
