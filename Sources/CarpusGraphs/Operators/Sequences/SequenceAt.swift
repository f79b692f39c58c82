import CarpusTensors

/// `Y` is the tensor of a sequence at `position`; a negative one counts from the end.
///
/// - Operands: a sequence; `position`, an integer scalar.
/// - Throws: when the sequence is not that long.
public struct SequenceAt: Composed, Attributeless {
  public static let signature = OperatorSignature("SequenceAt", since: 11, operands: 2...2, numerics: .exact, gradient: .defined)

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let common = try operands.sequence(0)
    guard case .known(let position) = try operands.integerList(1, or: nil) else {
      _ = try operands.tensor(1)
      return [common]
    }
    guard position.count == 1 else { throw .operands("the position must be one number, not \(position.count)") }
    guard let elements = operands.knownSequence(0) else { return [common] }
    return [try Self.element(elements, at: position[0]).type]
  }

  private static func element(_ elements: [RunValue], at position: Int) throws(OperatorError) -> RunValue {
    elements[try index(position, in: elements.count)]
  }

  private static func index(_ position: Int, in count: Int) throws(OperatorError) -> Int {
    guard position >= -count, position < count else { throw .operands("a sequence of \(count) tensors has none at position \(position)") }
    return position < 0 ? position + count : position
  }

  /// The value that was put there, where that is known.
  public func composed(
    _ operands: [Value?], _ infos: [OperandInfo], results: Int, in graph: inout GraphBuilder
  ) throws(OperatorError) -> [Value]? {
    guard let position = infos.knownIntegers(1), position.count == 1, let elements = graph.elements(of: operands[0]) else { return nil }
    return [elements[try Self.index(position[0], in: elements.count)]]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    guard let position = operands.integers(1), position.count == 1 else { throw .operands("the position must be one number") }
    results.set(0, try Self.element(operands.sequence(0), at: position[0]))
  }

  // MARK: Gradient

  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    throw SequenceConstruct.unknownElements
  }
}
