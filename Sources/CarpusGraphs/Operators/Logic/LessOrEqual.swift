import CarpusTensors

/// `Y = A ≤ B`, true or false, broadcast; false where one of them is NaN.
///
/// - Operands: `A`, `B` of one numeric type.
public struct LessOrEqual: OrderComparing {
  public static let signature = OperatorSignature("LessOrEqual", since: 12, operands: 2...2, gradient: .stops)
  static let comparison = Comparison.lessOrEqual

  public init() {}
}
