import CarpusTensors

/// A sequence without elements, for tensors of the type `dtype` (float32 if it is left out).
public struct SequenceEmpty: Operator {
  public static let signature = OperatorSignature("SequenceEmpty", since: 11, operands: 0...0, numerics: .exact, gradient: .stops)
  private let elementType: ElementType

  public init(_ node: inout NodeReader) throws(OperatorError) { elementType = try node.elementType("dtype") ?? .float32 }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) -> [ValueType] { [.sequence(ValueType(elementType, .unknown))] }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    results.set(0, RunValue(sequence: [], elementType: elementType))
  }

  // MARK: Gradient

  /// It has no operands.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [] }
}
