/// `Y[n] = 0.42 − 0.5 cos(2πn/N) + 0.08 cos(4πn/N)`, n from 0 on, where N is `size` or, with `periodic` 0, `size` − 1.
///
/// - Operands: `size`, an integer.
/// - Result: `[size]` of the type `output_datatype`.
public struct BlackmanWindow: CosineWindowing {
  public static let signature = OperatorSignature("BlackmanWindow", since: 17, operands: 1...1, gradient: .stops)
  static let coefficients = (0.42, 0.5, 0.08)
  let window: CosineWindow
}
