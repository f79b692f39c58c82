import CarpusTensors
import Glibc

/// `Y = arccos X` in radians, 0…π; NaN outside -1…1.
///
/// - Operands: `X`, floating-point, any shape.
public struct Acos: RealMap, Attributeless {
  public static let signature = OperatorSignature("Acos", since: 7, operands: 1...1, gradient: .defined)
  /// ∂X = -∂Y / √(1 - X²)
  let function = RealFunction { acos($0) } derivative: { -1 / (1 - $0 * $0).squareRoot() }
}
