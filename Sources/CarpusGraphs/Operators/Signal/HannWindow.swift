/// `Y[n] = 1/2 − 1/2 cos(2πn/N)`, n from 0 on, where N is `size` or, with `periodic` 0, `size` − 1.
///
/// - Operands: `size`, an integer.
/// - Result: `[size]` of the type `output_datatype`.
public struct HannWindow: CosineWindowing {
  public static let signature = OperatorSignature("HannWindow", since: 17, operands: 1...1, gradient: .stops)
  static let coefficients = (0.5, 0.5, 0.0)
  let window: CosineWindow
}
