import CarpusTensors
import Glibc

/// `Y = tan X`, X in radians.
///
/// - Operands: `X`, floating-point, any shape.
public struct Tan: RealMap, Attributeless {
  public static let signature = OperatorSignature("Tan", since: 7, operands: 1...1, gradient: .defined)
  /// ∂X = ∂Y / cos² X
  let function = RealFunction { tan($0) } derivative: { 1 / (cos($0) * cos($0)) }
}
