import CarpusTensors

/// `Y` is the tensor of a sequence at `position`; a negative one counts from the end.
///
/// - Operands: a sequence; `position`, an integer scalar.
/// - Throws: when the sequence is not that long.
public struct SequenceAt: Operator {
  public static let signature = OperatorSignature("SequenceAt", since: 11, operands: 2...2, numerics: .moves, gradient: .undefined)

  public init(_ node: inout NodeReader) throws(OperatorError) {}

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    guard case .sequence(let common)? = operands[0].type else { throw .operands("operand 0 must be a sequence of tensors") }
    guard case .known(let position) = try operands.integerList(1, or: nil) else {
      _ = try operands.tensor(1)
      return [.tensor(common)]
    }
    guard position.count == 1 else { throw .operands("the position must be one number, not \(position.count)") }
    guard let tensors = operands[0].tensors else { return [.tensor(common)] }
    let tensor = try Self.tensor(tensors, at: position[0])
    return [ValueType(tensor.elementType, tensor.shape)]
  }

  private static func tensor(_ tensors: [Tensor], at position: Int) throws(OperatorError) -> Tensor {
    guard position >= -tensors.count, position < tensors.count else {
      throw .operands("a sequence of \(tensors.count) tensors has none at position \(position)")
    }
    return tensors[position < 0 ? position + tensors.count : position]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    guard let position = operands.integers(1), position.count == 1 else { throw .operands("the position must be one number") }
    results.copyElements(of: try Self.tensor(operands.sequence(0), at: position[0]))
  }

  // MARK: Gradient

  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    throw .notDifferentiable("no gradient flows through sequences here")
  }
}
