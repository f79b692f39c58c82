import CarpusTensors
import Glibc

/// `Y = cos X`, X in radians.
///
/// - Operands: `X`, floating-point, any shape.
public struct Cos: RealMap, Attributeless, PlainlyWritable {
  public static let signature = OperatorSignature("Cos", since: 7, operands: 1...1, gradient: .defined)
  /// ∂X = -sin X ∂Y
  let function = RealFunction { cos($0) } derivative: { -sin($0) }
}
