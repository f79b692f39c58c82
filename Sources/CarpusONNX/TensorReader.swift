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
  private var budget: TensorBudget

  init(source: ByteSource, folder: String?, limits: ONNXLimits) {
    self.source = source
    external = ExternalData(folder: folder, mappingByteCount: limits.mappingByteCount)
    budget = TensorBudget(byteLimit: limits.tensorByteCount)
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
    let filled = record.filledFields
    switch record.location {
    case 0: break
    case 1:
      guard filled.isEmpty else {
        throw ONNXFileError(.malformed, "\(owner) has its data both in another file and in \(filled.joined(separator: ", ")).")
      }
      guard let stored = type.storedType else { throw ONNXFileError(.malformed, "\(owner) is text, which cannot lie in another file.") }
      let tensor = try external.tensor(stored, type.storedShape(shape), at: record.external, owner, &budget)
      return .tensor(type.isPacked ? Tensor(elementType: type, shape: shape, unpacking: tensor.elements(UInt8.self)) : tensor)
    default: throw ONNXFileError(.malformed, "\(owner) has the unknown data location \(record.location).")
    }
    try budget.charge(type, shape, owner)
    guard filled.count <= 1 else {
      throw ONNXFileError(.malformed, "\(owner) has its data in \(filled.joined(separator: " and ")); one of them is meant.")
    }
    if let raw = record.raw, raw.byteCount > 0 {
      guard let stored = type.storedType else { throw ONNXFileError(.malformed, "\(owner) is text, which cannot be raw_data.") }
      let needed = type.storedShape(shape).count * stored.byteCount
      try require(raw.byteCount, needed, "bytes of raw_data", type, shape, owner)
      let storage = TensorStorage(byteCount: needed)
      var target = storage.mutableSpan(of: UInt8.self, offset: 0, count: needed)
      try source.read(at: raw.offset, into: &target)
      if type.isPacked {
        return .tensor(Tensor(elementType: type, shape: shape, unpacking: storage.span(of: UInt8.self, offset: 0, count: needed)))
      }
      return .tensor(Tensor(elementType: type, shape: shape, normalizing: storage))
    }
    return .tensor(try typed(record, filled.first, type, shape, owner))
  }

  /// Elements from the field that the specification assigns to their type.
  private func typed(
    _ record: TensorRecord, _ filled: String?, _ type: ElementType, _ shape: Shape, _ owner: Subject
  ) throws(ONNXFileError) -> Tensor {
    let field = type.field
    if let filled, filled != field {
      throw ONNXFileError(.malformed, "\(owner) is of \(type), but has its data in \(filled); \(field) or raw_data is meant.")
    }
    func checked(_ count: Int, perElement parts: Int = 1) throws(ONNXFileError) {
      try require(count, parts * shape.count, "elements in \(field)", type, shape, owner)
    }
    switch type {
    case .string:
      try checked(record.texts.count)
      let texts = record.texts.compactMap(\.self)
      guard texts.count == record.texts.count else { throw ONNXFileError(.unsupported, "\(owner) holds text that is not UTF-8.") }
      return Tensor(texts, shape: shape)
    case .float32, .complex64:
      try checked(record.floats.count, perElement: type == .float32 ? 1 : 2)
      return Tensor(type, shape, record.floats)
    case .float64, .complex128:
      try checked(record.doubles.count, perElement: type == .float64 ? 1 : 2)
      return Tensor(type, shape, record.doubles)
    case .int64:
      try checked(record.int64s.count)
      return Tensor(type, shape, record.int64s)
    case .uint64:
      try checked(record.uint64s.count)
      return Tensor(type, shape, record.uint64s)
    case .uint32:
      try checked(record.uint64s.count)
      return Tensor(type, shape, try narrowed(record.uint64s, to: UInt32.self, owner))
    case .int32:
      try checked(record.int32s.count)
      return Tensor(type, shape, record.int32s)
    case .bool:
      try checked(record.int32s.count)
      return Tensor(type, shape, record.int32s.map { $0 == 0 ? 0 : 1 as UInt8 })
    case .int8:
      try checked(record.int32s.count)
      return Tensor(type, shape, try narrowed(record.int32s, to: Int8.self, owner))
    case .int16:
      try checked(record.int32s.count)
      return Tensor(type, shape, try narrowed(record.int32s, to: Int16.self, owner))
    case .uint16, .float16, .bfloat16:
      try checked(record.int32s.count)
      return Tensor(type, shape, try narrowed(record.int32s, to: UInt16.self, owner))
    case .uint8, .float8e4m3fn, .float8e4m3fnuz, .float8e5m2, .float8e5m2fnuz, .float8e8m0:
      try checked(record.int32s.count)
      return Tensor(type, shape, try narrowed(record.int32s, to: UInt8.self, owner))
    case .int4, .uint4, .float4e2m1, .int2, .uint2:
      let stored = type.storedShape(shape)
      try require(record.int32s.count, stored.count, "elements in \(field)", type, shape, owner)
      let bytes = record.int32s.map { UInt8(truncatingIfNeeded: $0) }
      return Tensor(elementType: type, shape: shape, unpacking: bytes.span)
    }
  }

  /// A sparse tensor with its zeros.
  ///
  /// - Parameter indices: int64, of each value its place in row-major order `[n]`, or its coordinates `[n, rank]`.
  mutating func dense(values: Tensor, indices: Tensor, dimensions: [Int], _ owner: Subject) throws(ONNXFileError) -> Tensor {
    guard let shape = Shape(checking: dimensions) else {
      throw ONNXFileError(.malformed, "\(owner) has the impossible shape \(dimensions).")
    }
    try budget.charge(values.elementType, shape, owner)
    let count = values.shape.count, strides = shape.strides, size = values.elementType.byteCount
    guard indices.elementType == .int64, values.elementType != .string, let places = indices.integers,
      indices.shape == [count] || indices.shape == [count, shape.rank]
    else { throw ONNXFileError(.malformed, "\(owner) is sparse, and has no index or coordinates for each of its \(count) values.") }
    let storage = TensorStorage(byteCount: shape.count * size)
    let source = values.byteArray
    var target = storage.mutableSpan(of: UInt8.self, offset: 0, count: storage.byteCount)
    for index in 0..<count {
      var place = 0
      if indices.shape.rank == 1 { place = places[index] }
      for axis in 0..<(indices.shape.rank == 1 ? 0 : shape.rank) {
        let coordinate = places[index * shape.rank + axis]
        guard coordinate >= 0, coordinate < shape[axis] else { place = -1; break }
        place += coordinate * strides[axis]
      }
      guard place >= 0, place < shape.count else { throw ONNXFileError(.malformed, "\(owner) is sparse, and has a value outside its shape.") }
      for byte in 0..<size { target[place * size + byte] = source[index * size + byte] }
    }
    return Tensor(elementType: values.elementType, shape: shape, storage: storage)
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

/// What the tensors of a file may still take of the memory.
struct TensorBudget {
  let byteLimit: Int
  private var byteCount = 0

  init(byteLimit: Int) { self.byteLimit = byteLimit }

  mutating func charge(_ type: ElementType, _ shape: Shape, _ owner: Subject) throws(ONNXFileError) {
    let needed = shape.count * type.byteCount
    guard needed <= byteLimit - byteCount else {
      throw ONNXFileError(.tooLarge, "\(owner) (\(type) \(shape)) brings the tensors of the file beyond \(byteLimit >> 20) MiB.")
    }
    byteCount += needed
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

extension ElementType {
  /// The field of a `TensorProto` that the specification assigns to elements that are not raw.
  fileprivate var field: String {
    switch self {
    case .float32, .complex64: "float_data"
    case .float64, .complex128: "double_data"
    case .int64: "int64_data"
    case .uint32, .uint64: "uint64_data"
    case .string: "string_data"
    default: "int32_data"
    }
  }

  /// True when several elements share a byte in a file.
  var isPacked: Bool { (bitCount ?? 8) < 8 }

  /// What the bytes of a file are; `nil` for text.
  fileprivate var storedType: ElementType? { self == .string ? nil : isPacked ? .uint8 : self }

  /// How many of those a tensor takes.
  fileprivate func storedShape(_ shape: Shape) -> Shape {
    guard isPacked, let bitCount else { return shape }
    return [(shape.count * bitCount + 7) / 8]
  }
}

extension Tensor {
  /// Elements of less than 8 bits, the first of each byte in its lowest bits, each to become a byte. Signed ones keep their sign.
  fileprivate init(elementType: ElementType, shape: Shape, unpacking packed: Span<UInt8>) {
    let bits = elementType.bitCount ?? 8, perByte = 8 / bits
    let isSigned = elementType == .int4 || elementType == .int2
    let storage = TensorStorage(byteCount: shape.count)
    var target = storage.mutableSpan(of: UInt8.self, offset: 0, count: shape.count)
    for index in target.indices {
      let byte = packed[index / perByte]
      let field = (byte >> UInt8(index % perByte * bits)) & (1 << UInt8(bits) - 1)
      let isNegative = isSigned && field >> UInt8(bits - 1) == 1
      target[index] = isNegative ? field | ~(1 << UInt8(bits) - 1) : field
    }
    self.init(elementType: elementType, shape: shape, storage: storage)
  }

  /// A tensor of `elements`, which lie in memory as those of the element type do.
  fileprivate init<Element: TensorElement>(_ elementType: ElementType, _ shape: Shape, _ elements: [Element]) {
    let storage = TensorStorage(byteCount: shape.count * elementType.byteCount)
    var target = storage.mutableSpan(of: Element.self, offset: 0, count: elements.count)
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
