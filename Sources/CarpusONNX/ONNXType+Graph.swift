package import CarpusGraphs
import CarpusTensors

extension ONNXType {
  var elementType: ElementType? {
    if case .tensor(let type, _) = self { type } else { nil }
  }

  /// The type as graphs know it; `nil` for what they do not.
  package var valueType: ValueType? {
    switch self {
    case .tensor(let elementType, let dimensions):
      let extents = dimensions.map { $0.map { if case .known(let extent) = $0, extent >= 0 { extent } else { nil as Int? } } }
      return ValueType(elementType, PartialShape(extents))
    case .sequence(let element): return element.valueType.map(ValueType.sequence)
    case .optional(let element): return element.valueType.map(ValueType.optional)
    case .map(let key, let value): return value.valueType.map { .map(key: key, value: $0) }
    case .sparse, .unsupported: return nil
    }
  }
}
