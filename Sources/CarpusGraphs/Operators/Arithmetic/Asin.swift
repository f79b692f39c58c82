import CarpusTensors
import Glibc

/// `Y = arcsin X` in radians, -π/2…π/2; NaN outside -1…1.
///
/// - Operands: `X`, floating-point, any shape.
public struct Asin: RealMap, Attributeless {
  public static let signature = OperatorSignature("Asin", since: 7, operands: 1...1, gradient: .defined)
  /// ∂X = ∂Y / √(1 - X²)
  let function = RealFunction { asin($0) } derivative: { 1 / (1 - $0 * $0).squareRoot() }
}
