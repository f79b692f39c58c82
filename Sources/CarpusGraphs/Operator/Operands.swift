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

  /// The operand, whatever it is; `nil` where it is absent.
  public func value(_ index: Int) -> RunValue? { index < values.count ? values[index] : nil }

  /// The elements of a sequence.
  ///
  /// - Precondition: the operand is a sequence; the shape rule has checked it.
  public func sequence(_ index: Int) -> [RunValue] {
    guard case .sequence(let elements, _)? = values[index] else { preconditionFailure("operand \(index) is not a sequence") }
    return elements
  }

  /// The elements of an integer operand.
  public func integers(_ index: Int) -> [Int]? { optional(index)?.integers }

  /// All operands; `nil` where one is absent.
  package var all: [RunValue?] { values }

  /// The operands as the shape rules see them, all values known.
  package var infos: [OperandInfo] { values.map { $0?.info ?? .absent } }
}
