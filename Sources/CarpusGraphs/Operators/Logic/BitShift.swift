import CarpusTensors

/// `Z` is `X` shifted by `Y` bits, `direction` `LEFT` or `RIGHT`, broadcast; a right shift repeats the sign.
///
/// A shift by a negative number of bits, or by as many as the type has or more, leaves only copies of the sign to the right, and 0 to
/// the left.
///
/// - Operands: `X`, `Y`, integers of one type.
public struct BitShift: Pointwise {
  public static let signature = OperatorSignature("BitShift", since: 11, operands: 2...2, gradient: .stops)
  private let goesLeft: Bool

  public init(_ node: inout NodeReader) throws(OperatorError) {
    switch try node.string("direction") {
    case "LEFT": goesLeft = true
    case "RIGHT": goesLeft = false
    case let other: throw .attribute("attribute direction must be LEFT or RIGHT, not \(other ?? "absent")")
    }
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try Bits.resultTypes(for: operands) }

  // MARK: Kernel

  private struct Shift: IntegerFunction {
    let goesLeft: Bool

    func apply<T: FixedWidthInteger>(_ x: T, _ y: T) -> T {
      let distance = y < 0 || y >= T.bitWidth ? T.bitWidth : Int(y)
      return goesLeft ? x << distance : x >> distance
    }
  }

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try Arithmetic.integral(Shift(goesLeft: goesLeft), operands[0], operands[1], into: &results)
  }

  // MARK: Gradient

  /// Integers have no derivative.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil, nil] }
}
