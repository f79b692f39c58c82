import CarpusTensors

/// `Y = A = B`, true or false, broadcast; false where one of them is NaN.
///
/// - Operands: `A`, `B` of one type: numbers, truth values or, since version 19, text.
public struct Equal: Pointwise, PlainlyWritable, Attributeless {
  public static let signature = OperatorSignature("Equal", since: 7, operands: 2...2, numerics: .moves, gradient: .stops)

  public init() {}

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let type = try operands.tensor(0).elementType
    guard type.swiftType != nil || type == .string else { throw .operands("elements of \(type) are not compared here") }
    return try Comparisons.resultTypes(for: operands, ordered: false)
  }

  // MARK: Kernel

  /// Texts arrive as their numbers in a table.
  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let type = operands[0].elementType
    guard type.isHalf else { return try Comparisons.evaluate(.equal, operands, into: &results) }
    let wide = Operands([.tensor(operands[0].converted(to: .float32)), .tensor(operands[1].converted(to: .float32))])
    try Comparisons.evaluate(.equal, wide, into: &results)
  }

  // MARK: Gradient

  /// Truth values have no derivative.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil, nil] }
}
