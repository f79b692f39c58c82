public import CarpusTensors

/// A value while a graph runs.
public enum RunValue: Sendable {
  case tensor(Tensor)
  /// All elements have the type `of`, as far as it says something.
  case sequence([RunValue], of: ValueType)
  indirect case optional(RunValue?, of: ValueType)
  /// The key at each place of a vector of integers or texts stands for the element at the same place of `values`, a vector too.
  case map(keys: Tensor, values: Tensor)

  /// A sequence of tensors; its type is what they have in common.
  ///
  /// - Parameter elementType: of the tensors, should there be none.
  public init(sequence tensors: [Tensor], elementType: ElementType) {
    var type: ValueType?
    for tensor in tensors {
      let own = ValueType(tensor.elementType, tensor.shape)
      type = type.map { $0.common(own) ?? $0 } ?? own
    }
    self = .sequence(tensors.map(RunValue.tensor), of: type ?? ValueType(elementType, .unknown))
  }

  /// An empty sequence, or an optional value that holds nothing, as one of a type that is known from elsewhere.
  package func typed(as type: ValueType?) -> RunValue {
    switch (self, type) {
    case (.sequence(let elements, _), .sequence(let element)?) where elements.isEmpty: .sequence([], of: element)
    case (.optional(nil, _), .optional(let held)?): .optional(nil, of: held)
    case (.optional(let value?, _), .optional(let held)?): .optional(value.typed(as: held), of: held)
    default: self
    }
  }

  public var tensor: Tensor? {
    if case .tensor(let tensor) = self { tensor } else { nil }
  }

  public var type: ValueType {
    switch self {
    case .tensor(let tensor): ValueType(tensor.elementType, tensor.shape)
    case .sequence(_, let type): .sequence(type)
    case .optional(_, let type): .optional(type)
    case .map(let keys, let values): .map(key: keys.elementType, value: ValueType(values.elementType, Shape([])))
    }
  }

  /// Bytes of all elements.
  var byteCount: Int {
    switch self {
    case .tensor(let tensor): tensor.byteCount
    case .sequence(let values, _): values.reduce(0) { $0 + $1.byteCount }
    case .optional(let value, _): value?.byteCount ?? 0
    case .map(let keys, let values): keys.byteCount + values.byteCount
    }
  }

  /// What the shape rules may know of it.
  var info: OperandInfo { OperandInfo(type: type, known: self) }
}
