import CarpusTensors
import Glibc

/// `Y = sin X`, X in radians.
///
/// - Operands: `X`, floating-point, any shape.
public struct Sin: RealMap, Attributeless, PlainlyWritable {
  public static let signature = OperatorSignature("Sin", since: 7, operands: 1...1, gradient: .defined)
  /// ∂X = cos X ∂Y
  let function = RealFunction { sin($0) } derivative: { cos($0) }
}
