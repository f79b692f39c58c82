import CarpusTensors
import Glibc

/// `Y = sinh X`
///
/// - Operands: `X`, floating-point, any shape.
public struct Sinh: RealMap, Attributeless {
  public static let signature = OperatorSignature("Sinh", since: 9, operands: 1...1, gradient: .defined)
  /// ∂X = cosh X ∂Y
  let function = RealFunction { sinh($0) } derivative: { cosh($0) }
}
