import CarpusGraphs
import CarpusTensors

extension ValueType {
  /// A `TypeProto`.
  ///
  /// - Parameter declared: as a file declares the value: it names extents that are free.
  func message(declared: ONNXType?) -> OutgoingMessage {
    var message = OutgoingMessage()
    switch self {
    case .tensor(let type):
      message.message(1) { tensor in
        tensor.integer(1, type.elementType.dataType)
        var dimensions: [ONNXDimension]?
        if case .tensor(type.elementType, let given)? = declared { dimensions = given }
        guard let extents = Self.merged(type.shape, dimensions) else { return }
        tensor.message(2) { shape in
          for extent in extents {
            shape.message(1) { dimension in
              switch extent {
              case .known(let extent): dimension.integer(1, extent)
              case .symbol(let symbol): dimension.text(2, symbol)
              case .unknown: break
              }
            }
          }
        }
      }
    case .sequence(let element):
      var inner: ONNXType?
      if case .sequence(let type)? = declared { inner = type }
      message.message(4) { $0.message(1, element.message(declared: inner)) }
    case .map(let key, let value):
      message.message(5) { map in
        map.integer(1, key.dataType)
        map.message(2, value.message(declared: nil))
      }
    case .optional(let element):
      var inner: ONNXType?
      if case .optional(let type)? = declared { inner = type }
      message.message(9) { $0.message(1, element.message(declared: inner)) }
    }
    return message
  }

  /// True when both are tensors, sequences, optional values or maps.
  func isOfKind(of other: ValueType) -> Bool {
    switch (self, other) {
    case (.tensor, .tensor), (.sequence, .sequence), (.optional, .optional), (.map, .map): true
    default: false
    }
  }

  /// What is known of a shape, and the names that the file has for the rest.
  private static func merged(_ shape: PartialShape, _ declared: [ONNXDimension]?) -> [ONNXDimension]? {
    guard let extents = shape.extents else { return declared }
    return extents.enumerated().map { axis, extent in
      if let extent { return .known(extent) }
      guard let declared, declared.count == extents.count else { return .unknown }
      return declared[axis]
    }
  }
}
