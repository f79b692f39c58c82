import CarpusTensors
import Glibc

/// `Y = arcosh X`; NaN below 1.
///
/// - Operands: `X`, floating-point, any shape.
public struct Acosh: RealMap, Attributeless {
  public static let signature = OperatorSignature("Acosh", since: 9, operands: 1...1, gradient: .defined)
  /// ∂X = ∂Y / √(X² - 1)
  let function = RealFunction { acosh($0) } derivative: { 1 / (($0 - 1).squareRoot() * ($0 + 1).squareRoot()) }
}
