import CarpusTensors

/// `Y` is the integer nearest to `X`, the even one of two that are equally near.
///
/// - Operands: `X`, floating-point, any shape.
public struct Round: StepFunction, PlainlyWritable, Attributeless {
  public static let signature = OperatorSignature("Round", since: 11, operands: 1...1, gradient: .stops)

  init() {}

  var function: UnaryFunction { .round }
}
