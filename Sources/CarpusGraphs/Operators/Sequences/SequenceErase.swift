import CarpusTensors

/// The sequence without the tensor at `position`; without its last if that is left out. A negative position counts from the end.
///
/// - Operands: a sequence; `position`, an integer scalar, may be left out.
/// - Throws: when the position lies outside the sequence.
public struct SequenceErase: Composed, Attributeless {
  public static let signature = OperatorSignature("SequenceErase", since: 11, operands: 1...2, numerics: .exact, gradient: .defined)

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { [.sequence(try operands.sequence(0))] }

  public func composed(
    _ operands: [Value?], _ infos: [OperandInfo], results: Int, in graph: inout GraphBuilder
  ) throws(OperatorError) -> [Value]? {
    guard var elements = graph.elements(of: operands[0]), elements.count > 1 else { return nil }
    let position = infos.knownIntegers(1)
    if infos.isPresent(1), position == nil { return nil }
    elements.remove(at: try Self.index(position, in: elements.count))
    return try graph.add(SequenceConstruct(), elements, results: 1)
  }

  private static func index(_ position: [Int]?, in count: Int) throws(OperatorError) -> Int {
    let wanted = position ?? [-1]
    guard wanted.count == 1, wanted[0] >= -count, wanted[0] < count else {
      throw .operands("position \(wanted) lies outside a sequence of \(count) tensors")
    }
    return wanted[0] < 0 ? wanted[0] + count : wanted[0]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    guard let sequence = operands.value(0) else { return }
    var elements = operands.sequence(0)
    elements.remove(at: try Self.index(operands.integers(1), in: elements.count))
    results.set(0, sequence.replacing(elements))
  }

  // MARK: Gradient

  /// Gradients flow through the elements that are known, which stand in a sequence of their own.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    throw SequenceConstruct.unknownElements
  }
}
