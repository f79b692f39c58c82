public import CarpusTensors

/// The operands of a node while it runs.
public struct Operands: ~Copyable {
  private let values: [RunValue?]

  package init(_ values: [RunValue?]) { self.values = values }

  public var count: Int { values.count }

  public func isPresent(_ index: Int) -> Bool { index < values.count && values[index] != nil }

  /// - Precondition: the operand is a tensor; the shape rule has checked it.
  public subscript(index: Int) -> Tensor {
    guard let tensor = values[index]?.tensor else { preconditionFailure("operand \(index) is not a tensor") }
    return tensor
  }

  public func optional(_ index: Int) -> Tensor? { isPresent(index) ? self[index] : nil }

  /// - Precondition: the operand is a sequence; the shape rule has checked it.
  public func sequence(_ index: Int) -> [Tensor] {
    guard case .sequence(let tensors)? = values[index] else { preconditionFailure("operand \(index) is not a sequence") }
    return tensors
  }

  /// The elements of an integer operand.
  public func integers(_ index: Int) -> [Int]? { optional(index)?.integers }

  /// The operands as the shape rules see them, all values known.
  package var infos: [OperandInfo] { values.map { $0?.info ?? .absent } }
}
