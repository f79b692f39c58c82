import CarpusTensors

/// What operators on the bits of integers have in common.
enum Bits {
  /// The common type of all operands, which must be integers.
  static func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let type = try operands.tensor(0).elementType
    guard type.isInteger else { throw .operands("operand 0 must hold integers, not \(type)") }
    return try Arithmetic.resultTypes(for: operands)
  }
}

/// An operator on the bits of two broadcast integers.
protocol BinaryBitwise: Pointwise, IntegerFunction, Attributeless {}

extension BinaryBitwise {
  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try Bits.resultTypes(for: operands) }

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try Arithmetic.integral(self, operands[0], operands[1], into: &results)
  }

  /// Integers have no derivative.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil, nil] }
}
