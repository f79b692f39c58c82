import CarpusTensors

/// `Y = A > B`, true or false, broadcast; false where one of them is NaN.
///
/// - Operands: `A`, `B` of one numeric type.
public struct Greater: OrderComparing {
  public static let signature = OperatorSignature("Greater", since: 7, operands: 2...2, gradient: .stops)
  static let comparison = Comparison.greater

  public init() {}
}
