import CarpusTensors

/// `Y = X / (1 + |X|)`
///
/// - Operands: `X`, floating-point, any shape.
public struct Softsign: RealMap, Attributeless {
  public static let signature = OperatorSignature("Softsign", operands: 1...1, gradient: .defined)
  /// ∂X = ∂Y / (1 + |X|)²
  let function = RealFunction { $0 / (1 + abs($0)) } derivative: { 1 / ((1 + abs($0)) * (1 + abs($0))) }
}
