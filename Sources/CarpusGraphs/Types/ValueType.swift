public import CarpusTensors

/// Element type and, as far as it is known, shape of a tensor.
public struct TensorType: Hashable, Sendable, CustomStringConvertible {
  public let elementType: ElementType
  public let shape: PartialShape

  public init(_ elementType: ElementType, _ shape: PartialShape) {
    self.elementType = elementType
    self.shape = shape
  }

  public init(_ elementType: ElementType, _ shape: Shape) { self.init(elementType, PartialShape(shape)) }

  public var description: String { "\(elementType) \(shape)" }
}

/// The type of a value of a graph.
public enum ValueType: Hashable, Sendable, CustomStringConvertible {
  case tensor(TensorType)
  /// A sequence of tensors; the shape is what all of them have in common.
  case sequence(TensorType)

  public init(_ elementType: ElementType, _ shape: PartialShape) { self = .tensor(TensorType(elementType, shape)) }
  public init(_ elementType: ElementType, _ shape: Shape) { self = .tensor(TensorType(elementType, shape)) }

  /// The shape of a tensor whose extents are all known; `nil` for everything else.
  public var staticShape: Shape? {
    if case .tensor(let type) = self { type.shape.shape } else { nil }
  }

  public var description: String {
    switch self {
    case .tensor(let type): type.description
    case .sequence(let type): "sequence of \(type)"
    }
  }
}
