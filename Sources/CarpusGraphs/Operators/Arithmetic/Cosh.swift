import CarpusTensors
import Glibc

/// `Y = cosh X`
///
/// - Operands: `X`, floating-point, any shape.
public struct Cosh: RealMap, Attributeless {
  public static let signature = OperatorSignature("Cosh", since: 9, operands: 1...1, gradient: .defined)
  /// ∂X = sinh X ∂Y
  let function = RealFunction { cosh($0) } derivative: { sinh($0) }
}
