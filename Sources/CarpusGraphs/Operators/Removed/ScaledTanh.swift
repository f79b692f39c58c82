/// `Y = alpha · tanh(beta · X)`. One of ONNX's experimental operators, removed in version 1.5 of the standard.
///
/// - Operands: `X`, floating-point, any shape.
public struct ScaledTanh: ScaledFunction {
  public static let signature = OperatorSignature("ScaledTanh", operands: 1...1, gradient: .defined)
  static let function: any Operator = Tanh()
  let alpha, beta: Float
}
