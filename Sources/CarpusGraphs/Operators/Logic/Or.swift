/// `Y = A or B`, broadcast.
///
/// - Operands: `A`, `B`, truth values.
public struct Or: BinaryLogic, PlainlyWritable {
  public static let signature = OperatorSignature("Or", since: 7, operands: 2...2, gradient: .stops)

  public init() {}

  static func holds(_ a: Bool, _ b: Bool) -> Bool { a || b }
}
