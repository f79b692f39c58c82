import CarpusTensors

/// The sequence of its operands.
///
/// - Operands: any number of tensors of one element type.
public struct SequenceConstruct: Writable, Attributeless {
  public static let signature = OperatorSignature(
    "SequenceConstruct", since: 11, operands: 1...OperatorSignature.any, numerics: .exact, gradient: .defined)

  init() {}

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    var common: ValueType?
    for index in operands.indices {
      let type = ValueType.tensor(try operands.tensor(index))
      guard let merged = (common ?? type).common(type) else { throw .operands("a sequence must have one element type, not \(common ?? type) and \(type)") }
      common = merged
    }
    return [.sequence(common ?? ValueType(.float32, .unknown))]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let elements = operands.all.compactMap { $0 }
    results.set(0, RunValue(sequence: elements.compactMap(\.tensor), elementType: .float32))
  }

  // MARK: Writing

  public func written(opset: Int) -> WrittenNode { WrittenNode("SequenceConstruct", since: 11) }

  // MARK: Gradient

  /// Whoever takes an element at a known position takes the operand itself.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    throw Self.unknownElements
  }

  static let unknownElements = OperatorError.notDifferentiable("which elements a sequence has depends on data; a gradient needs to know beforehand")
}

extension GraphBuilder {
  /// The elements of a sequence that was made of operands.
  func elements(of sequence: Value?) -> [Value]? {
    guard let sequence, let node = producer(of: sequence), node.operator is SequenceConstruct else { return nil }
    return node.operands.compactMap { $0 }
  }
}

extension RunValue {
  /// A sequence of other elements than this one has.
  func replacing(_ elements: [RunValue]) -> RunValue {
    guard case .sequence(_, let type) = self else { return self }
    let tensors = elements.compactMap(\.tensor)
    return tensors.isEmpty ? .sequence(elements, of: type) : RunValue(sequence: tensors, elementType: .float32)
  }
}
