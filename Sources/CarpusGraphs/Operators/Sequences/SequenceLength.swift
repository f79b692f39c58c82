public import CarpusTensors

/// The number of elements of a sequence, an int64 scalar.
///
/// - Operands: a sequence.
public struct SequenceLength: Inspecting, Attributeless {
  public static let signature = OperatorSignature("SequenceLength", since: 11, operands: 1...1, numerics: .exact, gradient: .stops)

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    _ = try operands.sequence(0)
    return [ValueType(.int64, Shape([]))]
  }

  public func inspected(_ operands: [OperandInfo]) -> Tensor? { operands.knownSequence(0).map { Tensor(scalar: Int64($0.count)) } }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    results.set(0, .tensor(Tensor(scalar: Int64(operands.sequence(0).count))))
  }

  // MARK: Gradient

  /// The elements are counted, not calculated with.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil] }
}
