import CarpusTensors
import Glibc

/// `Y = X tanh(log(1 + exp X))`
///
/// - Operands: `X`, floating-point, any shape.
public struct Mish: RealMap, Attributeless {
  public static let signature = OperatorSignature("Mish", since: 18, operands: 1...1, gradient: .defined)
  /// ∂X = (t + X (1 - t²) / (1 + exp -X)) ∂Y with t = tanh(log(1 + exp X)).
  let function = RealFunction {
    $0 * tanh(log1p(exp($0)))
  } derivative: { x in
    let t = tanh(log1p(exp(x)))
    return t + x * (1 - t * t) / (1 + exp(-x))
  }
}
