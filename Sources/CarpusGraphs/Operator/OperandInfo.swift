public import CarpusTensors

/// What is known of an operand when a node is inserted.
public struct OperandInfo: Sendable {
  /// `nil`: the operand is absent.
  public let type: ValueType?
  /// The value, where it is known before a run.
  public let value: Tensor?
  /// The tensors of a sequence, during a run.
  public let tensors: [Tensor]?

  public init(type: ValueType?, value: Tensor? = nil, tensors: [Tensor]? = nil) {
    self.type = type
    self.value = value
    self.tensors = tensors
  }

  public init(_ value: Tensor) { self.init(type: ValueType(value.elementType, value.shape), value: value) }

  public static let absent = OperandInfo(type: nil)
}

extension Array where Element == OperandInfo {
  public func isPresent(_ index: Int) -> Bool { index < count && self[index].type != nil }

  /// The type of an operand that must be a tensor.
  public func tensor(_ index: Int) throws(OperatorError) -> TensorType {
    guard isPresent(index) else { throw .operands("operand \(index) is missing") }
    guard case .tensor(let type) = self[index].type else { throw .operands("operand \(index) must be a tensor, not a sequence") }
    return type
  }

  /// The type of an operand that is a tensor or absent.
  public func optionalTensor(_ index: Int) throws(OperatorError) -> TensorType? {
    isPresent(index) ? try tensor(index) : nil
  }

  /// The type of an operand that must be a floating-point tensor.
  public func floatingTensor(_ index: Int) throws(OperatorError) -> TensorType {
    let type = try tensor(index)
    guard type.elementType.isFloatingPoint else {
      throw .operands("operand \(index) must have floating-point elements, not \(type.elementType)")
    }
    return type
  }

  /// The value of an integer operand, where it is known before a run.
  public func knownIntegers(_ index: Int) -> [Int]? {
    index < count ? self[index].value?.integers : nil
  }
}
