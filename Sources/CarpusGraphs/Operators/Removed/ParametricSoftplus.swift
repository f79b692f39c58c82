/// `Y = alpha · log(exp(beta · X) + 1)`. One of ONNX's experimental operators, removed in version 1.5 of the standard.
///
/// - Operands: `X`, floating-point, any shape.
public struct ParametricSoftplus: ScaledFunction {
  public static let signature = OperatorSignature("ParametricSoftplus", operands: 1...1, gradient: .defined)
  static let function: any Operator = Softplus()
  let alpha, beta: Float
}
