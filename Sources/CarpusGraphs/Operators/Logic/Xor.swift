/// `Y = (A or B) and not (A and B)`, broadcast.
///
/// - Operands: `A`, `B`, truth values.
public struct Xor: BinaryLogic {
  public static let signature = OperatorSignature("Xor", since: 7, operands: 2...2, gradient: .stops)

  public init() {}

  static func holds(_ a: Bool, _ b: Bool) -> Bool { a != b }
}
