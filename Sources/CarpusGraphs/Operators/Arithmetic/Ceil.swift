import CarpusTensors

/// `Y = ⌈X⌉`, the smallest integer that is not smaller.
///
/// - Operands: `X`, floating-point, any shape.
public struct Ceil: StepFunction, OnceConsuming {
  public static let signature = OperatorSignature("Ceil", operands: 1...1, gradient: .stops)

  public init() {}

  var function: UnaryFunction { .ceil }
}
