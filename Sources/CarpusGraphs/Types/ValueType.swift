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
///
/// Source: ONNX IR specification, "Standard data types".
public indirect enum ValueType: Hashable, Sendable, CustomStringConvertible {
  case tensor(TensorType)
  /// Values of one type, as far as they have it in common.
  case sequence(ValueType)
  /// A value or none.
  case optional(ValueType)
  /// From integers or texts to values of one type.
  case map(key: ElementType, value: ValueType)

  public init(_ elementType: ElementType, _ shape: PartialShape) { self = .tensor(TensorType(elementType, shape)) }
  public init(_ elementType: ElementType, _ shape: Shape) { self = .tensor(TensorType(elementType, shape)) }

  public var tensor: TensorType? {
    if case .tensor(let type) = self { type } else { nil }
  }

  /// The shape of a tensor whose extents are all known; `nil` for everything else.
  public var staticShape: Shape? { tensor?.shape.shape }

  /// True when a value of type `other` may stand here: the same kind and element type, and extents that agree where this type knows them.
  public func admits(_ other: ValueType) -> Bool {
    switch (self, other) {
    case (.tensor(let a), .tensor(let b)):
      guard a.elementType == b.elementType else { return false }
      guard let extents = a.shape.extents else { return true }
      guard let others = b.shape.extents, extents.count == others.count else { return false }
      return zip(extents, others).allSatisfy { $0 == nil || $0 == $1 }
    case (.sequence(let a), .sequence(let b)), (.optional(let a), .optional(let b)): return a.admits(b)
    case (.map(let key, let a), .map(let other, let b)): return key == other && a.admits(b)
    case (.optional(let a), let b): return a.admits(b)
    default: return false
    }
  }

  /// The type that both are; `nil` when they are of different kinds or element types.
  public func common(_ other: ValueType) -> ValueType? {
    switch (self, other) {
    case (.tensor(let a), .tensor(let b)):
      guard a.elementType == b.elementType else { return nil }
      guard let x = a.shape.extents, let y = b.shape.extents, x.count == y.count else { return ValueType(a.elementType, .unknown) }
      return ValueType(a.elementType, PartialShape(zip(x, y).map { $0 == $1 ? $0 : nil }))
    case (.sequence(let a), .sequence(let b)): return a.common(b).map(ValueType.sequence)
    case (.optional(let a), .optional(let b)): return a.common(b).map(ValueType.optional)
    case (.map(let key, let a), .map(let other, let b)): return key == other ? a.common(b).map { .map(key: key, value: $0) } : nil
    case (.optional(let a), let b), (let b, .optional(let a)): return a.common(b).map(ValueType.optional)
    default: return nil
    }
  }

  public var description: String {
    switch self {
    case .tensor(let type): type.description
    case .sequence(let type): "sequence of \(type)"
    case .optional(let type): "optional \(type)"
    case .map(let key, let value): "map from \(key) to \(value)"
    }
  }
}
