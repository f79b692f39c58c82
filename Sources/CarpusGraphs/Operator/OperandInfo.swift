public import CarpusTensors

/// What is known of an operand when a node is inserted.
public struct OperandInfo: Sendable {
  /// `nil`: the operand is absent.
  public let type: ValueType?
  /// The value, where it is known before a run, and always during one.
  public let known: RunValue?

  /// The value of a tensor, where it is known.
  public var value: Tensor? { known?.tensor }

  public init(type: ValueType?, value: Tensor? = nil) { self.init(type: type, known: value.map(RunValue.tensor)) }

  public init(type: ValueType?, known: RunValue?) {
    self.type = type
    self.known = known
  }

  public init(_ value: Tensor) { self.init(type: ValueType(value.elementType, value.shape), value: value) }

  public static let absent = OperandInfo(type: nil)
}

extension Array where Element == OperandInfo {
  public func isPresent(_ index: Int) -> Bool { index < count && self[index].type != nil }

  /// The type of an operand that must be a tensor.
  public func tensor(_ index: Int) throws(OperatorError) -> TensorType {
    guard isPresent(index) else { throw .operands("operand \(index) is missing") }
    guard case .tensor(let type)? = self[index].type else {
      throw .operands("operand \(index) must be a tensor, not \(self[index].type?.description ?? "nothing")")
    }
    return type
  }

  /// The type of the elements of an operand that must be a sequence.
  public func sequence(_ index: Int) throws(OperatorError) -> ValueType {
    guard isPresent(index) else { throw .operands("operand \(index) is missing") }
    guard case .sequence(let type)? = self[index].type else {
      throw .operands("operand \(index) must be a sequence, not \(self[index].type?.description ?? "nothing")")
    }
    return type
  }

  /// The elements of a sequence, where they are known.
  public func knownSequence(_ index: Int) -> [RunValue]? {
    guard index < count, case .sequence(let elements, _)? = self[index].known else { return nil }
    return elements
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
