import CarpusTensors

/// `Y = ⌊X⌋`, the largest integer that is not larger.
///
/// - Operands: `X`, floating-point, any shape.
public struct Floor: StepFunction, OnceConsuming {
  public static let signature = OperatorSignature("Floor", operands: 1...1, gradient: .stops)

  public init() {}

  var function: UnaryFunction { .floor }
}
