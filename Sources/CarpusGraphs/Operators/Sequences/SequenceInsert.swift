import CarpusTensors

/// The sequence with a tensor put in before `position`; at the end if that is left out. A negative position counts from the end.
///
/// - Operands: a sequence; a tensor of its element type; `position`, an integer scalar, may be left out.
/// - Throws: when the position lies outside the sequence.
public struct SequenceInsert: Composed, Attributeless {
  public static let signature = OperatorSignature("SequenceInsert", since: 11, operands: 2...3, numerics: .exact, gradient: .defined)

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let sequence = try operands.sequence(0), element = ValueType.tensor(try operands.tensor(1))
    if let elements = operands.knownSequence(0), elements.isEmpty, sequence.tensor?.elementType == element.tensor?.elementType {
      return [.sequence(element)]
    }
    guard let common = sequence.common(element) else { throw .operands("\(element) does not go into a sequence of \(sequence)") }
    return [.sequence(common)]
  }

  public func composed(
    _ operands: [Value?], _ infos: [OperandInfo], results: Int, in graph: inout GraphBuilder
  ) throws(OperatorError) -> [Value]? {
    guard var elements = graph.elements(of: operands[0]), let element = operands[1] else { return nil }
    let position = infos.knownIntegers(2)
    if infos.isPresent(2), position == nil { return nil }
    elements.insert(element, at: try Self.index(position, in: elements.count))
    return try graph.add(SequenceConstruct(), elements, results: 1)
  }

  private static func index(_ position: [Int]?, in count: Int) throws(OperatorError) -> Int {
    guard let position else { return count }
    guard position.count == 1, position[0] >= -count, position[0] <= count else {
      throw .operands("position \(position) lies outside a sequence of \(count) tensors")
    }
    return position[0] < 0 ? position[0] + count : position[0]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    guard let sequence = operands.value(0), let element = operands.value(1) else { return }
    var elements = operands.sequence(0)
    elements.insert(element, at: try Self.index(operands.integers(2), in: elements.count))
    results.set(0, sequence.replacing(elements))
  }

  // MARK: Gradient

  /// Gradients flow through the elements that are known, which stand in a sequence of their own.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    throw SequenceConstruct.unknownElements
  }
}
