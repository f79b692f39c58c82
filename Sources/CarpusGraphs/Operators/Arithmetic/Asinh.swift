import CarpusTensors
import Glibc

/// `Y = arsinh X`
///
/// - Operands: `X`, floating-point, any shape.
public struct Asinh: RealMap, Attributeless {
  public static let signature = OperatorSignature("Asinh", since: 9, operands: 1...1, gradient: .defined)
  /// ∂X = ∂Y / √(1 + X²)
  let function = RealFunction { asinh($0) } derivative: { 1 / hypot(1, $0) }
}
