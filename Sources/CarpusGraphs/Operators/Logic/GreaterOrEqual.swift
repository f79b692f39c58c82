import CarpusTensors

/// `Y = A ≥ B`, true or false, broadcast; false where one of them is NaN.
///
/// - Operands: `A`, `B` of one numeric type.
public struct GreaterOrEqual: OrderComparing {
  public static let signature = OperatorSignature("GreaterOrEqual", since: 12, operands: 2...2, gradient: .stops)
  static let comparison = Comparison.greaterOrEqual

  public init() {}
}
