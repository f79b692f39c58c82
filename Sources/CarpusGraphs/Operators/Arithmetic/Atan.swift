import CarpusTensors
import Glibc

/// `Y = arctan X` in radians, -π/2…π/2.
///
/// - Operands: `X`, floating-point, any shape.
public struct Atan: RealMap, Attributeless {
  public static let signature = OperatorSignature("Atan", since: 7, operands: 1...1, gradient: .defined)
  /// ∂X = ∂Y / (1 + X²)
  let function = RealFunction { atan($0) } derivative: { 1 / (1 + $0 * $0) }
}
