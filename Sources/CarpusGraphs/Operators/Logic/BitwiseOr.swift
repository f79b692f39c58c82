/// `C = A ∨ B` bit by bit, broadcast.
///
/// - Operands: `A`, `B`, integers of one type.
public struct BitwiseOr: BinaryBitwise {
  public static let signature = OperatorSignature("BitwiseOr", since: 18, operands: 2...2, gradient: .stops)

  func apply<T: FixedWidthInteger>(_ a: T, _ b: T) -> T { a | b }
}
