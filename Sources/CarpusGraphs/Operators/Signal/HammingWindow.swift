/// `Y[n] = 25/46 − 21/46 cos(2πn/N)`, n from 0 on, where N is `size` or, with `periodic` 0, `size` − 1.
///
/// - Operands: `size`, an integer.
/// - Result: `[size]` of the type `output_datatype`.
public struct HammingWindow: CosineWindowing {
  public static let signature = OperatorSignature("HammingWindow", since: 17, operands: 1...1, gradient: .stops)
  static let coefficients = (25.0 / 46, 21.0 / 46, 0.0)
  let window: CosineWindow
}
