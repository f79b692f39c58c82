import CarpusGraphs
import CarpusTensors

/// Makes tensors of the records in one file; each element is copied once, from the file to where it stays.
///
/// Source: ONNX IR specification, `TensorProto`.
struct TensorReader {
  enum Outcome {
    case tensor(Tensor)
    /// The text says what it is instead.
    case unsupported(String)
  }

  private let source: ByteSource
  private var external: ExternalData
  private let byteLimit: Int
  private var byteCount = 0

  init(source: ByteSource, folder: String?, limits: ONNXLimits) {
    self.source = source
    external = ExternalData(folder: folder)
    byteLimit = limits.tensorByteCount
  }

  /// - Parameter owner: What the tensor is, for messages.
  mutating func read(_ record: TensorRecord, _ owner: Subject) throws(ONNXFileError) -> Outcome {
    guard !record.isSegment else { throw ONNXFileError(.unsupported, "\(owner) is split into segments, which is not supported.") }
    guard let type = ElementType(dataType: record.dataType) else {
      return .unsupported("a tensor of \(ElementType.name(ofDataType: record.dataType))")
    }
    guard let shape = Shape(checking: record.dimensions) else {
      throw ONNXFileError(.malformed, "\(owner) has the impossible shape \(record.dimensions).")
    }
    let needed = shape.count * type.byteCount
    guard needed <= byteLimit - byteCount else {
      throw ONNXFileError(.tooLarge, "\(owner) (\(type) \(shape)) brings the tensors of the file beyond \(byteLimit >> 20) MiB.")
    }
    byteCount += needed
    let filled = record.filledFields
    switch record.location {
    case 0: break
    case 1:
      guard filled.isEmpty else {
        throw ONNXFileError(.malformed, "\(owner) has its data both in another file and in \(filled.joined(separator: ", ")).")
      }
      return .tensor(try external.tensor(type, shape, at: record.external, owner))
    default: throw ONNXFileError(.malformed, "\(owner) has the unknown data location \(record.location).")
    }
    guard filled.count <= 1 else {
      throw ONNXFileError(.malformed, "\(owner) has its data in \(filled.joined(separator: " and ")); one of them is meant.")
    }
    if let raw = record.raw, raw.byteCount > 0 {
      try require(raw.byteCount, needed, "bytes of raw_data", type, shape, owner)
      let storage = TensorStorage(byteCount: needed)
      var target = storage.mutableSpan(of: UInt8.self, offset: 0, count: needed)
      try source.read(at: raw.offset, into: &target)
      return .tensor(Tensor(elementType: type, shape: shape, normalizing: storage))
    }
    return .tensor(try typed(record, filled.first, type, shape, owner))
  }

  /// Elements from the field that the specification assigns to their type.
  private func typed(
    _ record: TensorRecord, _ filled: String?, _ type: ElementType, _ shape: Shape, _ owner: Subject
  ) throws(ONNXFileError) -> Tensor {
    let (field, count) =
      switch type {
      case .float32: ("float_data", record.floats.count)
      case .float64: ("double_data", record.doubles.count)
      case .int64: ("int64_data", record.int64s.count)
      case .uint32, .uint64: ("uint64_data", record.uint64s.count)
      case .float16, .bfloat16, .int8, .int16, .int32, .uint8, .uint16, .bool: ("int32_data", record.int32s.count)
      }
    if let filled, filled != field {
      throw ONNXFileError(.malformed, "\(owner) is of \(type), but has its data in \(filled); \(field) or raw_data is meant.")
    }
    try require(count, shape.count, "elements in \(field)", type, shape, owner)
    return switch type {
    case .float32: Tensor(type, shape, record.floats)
    case .float64: Tensor(type, shape, record.doubles)
    case .int64: Tensor(type, shape, record.int64s)
    case .uint64: Tensor(type, shape, record.uint64s)
    case .int32: Tensor(type, shape, record.int32s)
    case .bool: Tensor(type, shape, record.int32s.map { $0 == 0 ? 0 : 1 as UInt8 })
    case .uint32: Tensor(type, shape, try narrowed(record.uint64s, to: UInt32.self, owner))
    case .int8: Tensor(type, shape, try narrowed(record.int32s, to: Int8.self, owner))
    case .int16: Tensor(type, shape, try narrowed(record.int32s, to: Int16.self, owner))
    case .uint8: Tensor(type, shape, try narrowed(record.int32s, to: UInt8.self, owner))
    case .uint16, .float16, .bfloat16: Tensor(type, shape, try narrowed(record.int32s, to: UInt16.self, owner))
    }
  }

  private func narrowed<Wide: FixedWidthInteger, Narrow: FixedWidthInteger>(
    _ values: [Wide], to type: Narrow.Type, _ owner: Subject
  ) throws(ONNXFileError) -> [Narrow] {
    var narrow: [Narrow] = []
    narrow.reserveCapacity(values.count)
    for value in values {
      guard let fitting = Narrow(exactly: value) else {
        throw ONNXFileError(.malformed, "\(owner) has the element \(value), which lies outside \(Narrow.min) to \(Narrow.max).")
      }
      narrow.append(fitting)
    }
    return narrow
  }
}

/// - Throws: when a tensor has not as many bytes or elements as its type and shape need.
func require(
  _ has: Int, _ needs: Int, _ what: String, _ type: ElementType, _ shape: Shape, _ owner: Subject
) throws(ONNXFileError) {
  guard has == needs else {
    throw ONNXFileError(.malformed, "\(owner) has \(has) \(what), but \(type) of shape \(shape) needs \(needs).")
  }
}

extension Tensor {
  /// A tensor of `elements`, which lie in memory as those of the element type do.
  fileprivate init<Element: TensorElement>(_ elementType: ElementType, _ shape: Shape, _ elements: [Element]) {
    let storage = TensorStorage(byteCount: shape.count * elementType.byteCount)
    var target = storage.mutableSpan(of: Element.self, offset: 0, count: shape.count)
    for index in elements.indices { target[index] = elements[index] }
    self.init(elementType: elementType, shape: shape, storage: storage)
  }

  /// A tensor of bytes from a file, which may hold anything: a truth value other than 0 becomes 1.
  init(elementType: ElementType, shape: Shape, normalizing storage: TensorStorage) {
    if elementType == .bool {
      var bytes = storage.mutableSpan(of: UInt8.self, offset: 0, count: shape.count)
      for index in bytes.indices where bytes[index] > 1 { bytes[index] = 1 }
    }
    self.init(elementType: elementType, shape: shape, storage: storage)
  }
}
