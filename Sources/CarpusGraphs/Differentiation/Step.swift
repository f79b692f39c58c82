public import CarpusTensors

/// A node that is being differentiated.
public struct Step: Sendable {
  /// `nil` where an optional operand is absent.
  public let operands: [Value?]
  public let results: [Value]
  /// Which operands a gradient is wanted for; work for the others is wasted.
  public let wants: [Bool]
  let infos: [OperandInfo]

  /// An operand that is present.
  public func operand(_ index: Int) throws(OperatorError) -> Value {
    guard operands.indices.contains(index), let value = operands[index] else { throw .operands("operand \(index) is missing") }
    return value
  }

  /// The shape of an operand.
  ///
  /// - Throws: `OperatorError.notDifferentiable` when it depends on data.
  public func shape(_ index: Int) throws(OperatorError) -> Shape {
    guard let shape = infos[index].type?.staticShape else {
      throw .notDifferentiable("the shape of operand \(index) depends on data; a gradient needs it beforehand")
    }
    return shape
  }

  public func elementType(_ index: Int) throws(OperatorError) -> ElementType { try infos.tensor(index).elementType }

  /// What is known of the operands, as the shape rule sees them.
  public var operandInfos: [OperandInfo] { infos }

  /// Refuses a gradient that is wanted for an operand that has no rule.
  public func refuse(_ index: Int, _ what: String) throws(OperatorError) {
    if wants.indices.contains(index), wants[index] {
      throw .notDifferentiable("no gradient is defined here with respect to \(what); it has to be a constant")
    }
  }
}
