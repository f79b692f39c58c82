public import CarpusTensors

/// A value while a graph runs.
public enum RunValue: Sendable {
  case tensor(Tensor)
  case sequence([Tensor])

  public var tensor: Tensor? {
    if case .tensor(let tensor) = self { tensor } else { nil }
  }

  /// Bytes of all elements.
  var byteCount: Int {
    switch self {
    case .tensor(let tensor): tensor.byteCount
    case .sequence(let tensors): tensors.reduce(0) { $0 + $1.byteCount }
    }
  }

  /// What the shape rules may know of it.
  var info: OperandInfo {
    switch self {
    case .tensor(let tensor): OperandInfo(tensor)
    case .sequence(let tensors): OperandInfo(type: .sequence(Self.common(tensors)), tensors: tensors)
    }
  }

  /// The type of a sequence: the element type, and the shape if all tensors share it.
  static func common(_ tensors: [Tensor]) -> TensorType {
    guard let first = tensors.first else { return TensorType(.float32, .unknown) }
    let agree = tensors.allSatisfy { $0.shape == first.shape }
    return TensorType(first.elementType, agree ? PartialShape(first.shape) : .unknown)
  }
}
