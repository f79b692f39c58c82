import CarpusTensors

/// A value that may be missing: the operand, or nothing of the type `type` if there is no operand.
///
/// - Operands: a tensor or a sequence, may be left out.
public struct OptionalOf: Operator {
  public static let signature = OperatorSignature("Optional", since: 15, operands: 0...1, numerics: .exact, gradient: .defined)
  private let type: ValueType?

  public init(_ node: inout NodeReader) throws(OperatorError) { type = try node.type("type") }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    guard let type = operands.first?.type ?? type else { throw .attribute("attribute type is needed where there is no operand") }
    return [.optional(type)]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    guard case .optional(let type)? = try resultTypes(for: operands.infos).first else { return }
    results.set(0, .optional(operands.value(0), of: type))
  }

  // MARK: Gradient

  /// Whoever takes the element takes the operand itself.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    throw Self.unknownElement
  }

  static let unknownElement = OperatorError.notDifferentiable(
    "whether an optional value holds something depends on data; a gradient needs to know beforehand")
}
