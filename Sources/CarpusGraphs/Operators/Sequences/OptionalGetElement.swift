import CarpusTensors

/// What an optional value holds; since version 18 also any other value, as it is.
///
/// - Operands: an optional value, a tensor or a sequence.
/// - Throws: when it holds nothing.
public struct OptionalGetElement: Forwarding, Composed, Attributeless {
  public static let signature = OperatorSignature("OptionalGetElement", since: 15, operands: 1...1, numerics: .exact, gradient: .defined)

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    switch operands[0].type {
    case nil: throw .operands("operand 0 is missing")
    case .optional(let type)?:
      if case .optional(let value, _)? = operands[0].known {
        guard let value else { throw .operands("the optional value holds nothing") }
        return [value.type]
      }
      return [type]
    case let type?: return [type]
    }
  }

  public func forwarded(_ operands: [OperandInfo], as results: [ValueType]) -> [Int]? {
    if case .optional? = operands[0].type { nil } else { [0] }
  }

  /// The value that was put there, where that is known.
  public func composed(
    _ operands: [Value?], _ infos: [OperandInfo], results: Int, in graph: inout GraphBuilder
  ) throws(OperatorError) -> [Value]? {
    guard let optional = operands[0], let node = graph.producer(of: optional), node.operator is OptionalOf else { return nil }
    // Nothing that is taken is refused when it is taken: that may never happen.
    return (node.operands.first ?? nil).map { [$0] }
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    guard let value = operands.value(0) else { return }
    if case .optional(let held, _) = value {
      guard let held else { throw .operands("the optional value holds nothing") }
      results.set(0, held)
    } else {
      results.set(0, value)
    }
  }

  // MARK: Gradient

  /// An element that is known is the value itself.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    throw OptionalOf.unknownElement
  }
}
