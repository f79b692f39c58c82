/// An immutable, dense, row-major array of one element type.
///
/// A tensor is a value: copies share the storage, which nobody writes after it has been filled.
public struct Tensor: Sendable {
  public let elementType: ElementType
  public let shape: Shape
  package let storage: TensorStorage
  /// Where the first element lies in the storage, in bytes.
  package let offset: Int

  package init(elementType: ElementType, shape: Shape, storage: TensorStorage, offset: Int = 0) {
    precondition(offset >= 0 && offset + shape.count * elementType.byteCount <= storage.byteCount)
    self.elementType = elementType
    self.shape = shape
    self.storage = storage
    self.offset = offset
  }

  /// - Precondition: as many elements as the shape has.
  public init<Element: TensorElement>(_ elements: [Element], shape: Shape) {
    precondition(elements.count == shape.count, "\(elements.count) elements for a tensor of shape \(shape)")
    let storage = TensorStorage(byteCount: shape.count * Element.elementType.byteCount)
    storage.fill(from: elements.span)
    self.init(elementType: Element.elementType, shape: shape, storage: storage)
  }

  /// A vector.
  public init<Element: TensorElement>(_ elements: [Element]) { self.init(elements, shape: [elements.count]) }

  /// A scalar.
  public init<Element: TensorElement>(scalar: Element) { self.init([scalar], shape: []) }

  /// A tensor whose elements are written by `fill`; they are zero before.
  public init<Element: TensorElement, Failure: Error>(
    shape: Shape, filledBy fill: (inout MutableSpan<Element>) throws(Failure) -> Void
  ) throws(Failure) {
    let storage = TensorStorage(byteCount: shape.count * Element.elementType.byteCount)
    var span = storage.mutableSpan(of: Element.self, offset: 0, count: shape.count)
    try fill(&span)
    self.init(elementType: Element.elementType, shape: shape, storage: storage)
  }

  /// All elements zero (or false).
  public init(zeros elementType: ElementType, shape: Shape) {
    self.init(elementType: elementType, shape: shape, storage: TensorStorage(byteCount: shape.count * elementType.byteCount))
  }

  /// The elements as little-endian bytes, as in a file.
  ///
  /// - Precondition: as many bytes as the shape needs.
  public init(elementType: ElementType, shape: Shape, bytes: RawSpan) {
    precondition(bytes.byteCount == shape.count * elementType.byteCount)
    let storage = TensorStorage(byteCount: bytes.byteCount)
    storage.fill(from: bytes)
    self.init(elementType: elementType, shape: shape, storage: storage)
  }

  public var byteCount: Int { elementType == .string ? storage.byteCount : shape.count * elementType.byteCount }

  /// The elements.
  ///
  /// - Precondition: `Element` is the tensor's element type.
  @_lifetime(borrow self)
  public func elements<Element: TensorElement>(_ type: Element.Type = Element.self) -> Span<Element> {
    precondition(Element.elementType == elementType, "a tensor of \(elementType) read as \(Element.elementType)")
    return storage.span(of: Element.self, offset: offset, count: shape.count)
  }

  /// The elements as bytes. Those of text are places in the storage, of no use elsewhere.
  public var bytes: RawSpan {
    @_lifetime(borrow self)
    borrowing get { storage.rawSpan(offset: offset, byteCount: shape.count * elementType.byteCount) }
  }

  /// The elements as bytes, in an array.
  package var byteArray: [UInt8] { storage.array(of: UInt8.self, offset: offset, count: shape.count * elementType.byteCount) }

  /// The elements as an array.
  public func array<Element: TensorElement>(of type: Element.Type = Element.self) -> [Element] {
    precondition(Element.elementType == elementType, "a tensor of \(elementType) read as \(Element.elementType)")
    return storage.array(of: type, offset: offset, count: shape.count)
  }

  /// The same elements in another shape of equal count.
  public func reshaped(_ shape: Shape) -> Tensor {
    precondition(shape.count == self.shape.count)
    return Tensor(elementType: elementType, shape: shape, storage: storage, offset: offset)
  }

  /// The part `index` of the outermost axis, which is dropped.
  public func part(_ index: Int) -> Tensor {
    precondition(shape.rank > 0 && index >= 0 && index < shape[0])
    let inner = Shape(Array(shape.extents.dropFirst()))
    return Tensor(elementType: elementType, shape: inner, storage: storage, offset: offset + index * inner.count * elementType.byteCount)
  }

  /// A copy whose storage belongs to it alone.
  package func copied() -> Tensor {
    if let texts { return Tensor(texts, shape: shape) }
    return Tensor(elementType: elementType, shape: shape, bytes: bytes)
  }
}

extension Tensor {
  /// The elements as `Int`, for tensors of integers (of any number of bits) and truth values; `nil` for others.
  public var integers: [Int]? {
    switch elementType {
    case .int2, .int4: byteArray.map { Int(Int8(bitPattern: $0)) }
    case .uint2, .uint4: byteArray.map(Int.init)
    case .int8: array(of: Int8.self).map(Int.init)
    case .int16: array(of: Int16.self).map(Int.init)
    case .int32: array(of: Int32.self).map(Int.init)
    case .int64: array(of: Int64.self).map(Int.init)
    case .uint8: array(of: UInt8.self).map(Int.init)
    case .uint16: array(of: UInt16.self).map(Int.init)
    case .uint32: array(of: UInt32.self).map(Int.init)
    case .uint64: array(of: UInt64.self).map { Int(clamping: $0) }
    case .bool: array(of: Bool.self).map { $0 ? 1 : 0 }
    default: nil
    }
  }

  /// The elements as `Double`; none for text and complex numbers. 64-bit integers beyond 2^53 are rounded.
  public var doubles: [Double] {
    switch elementType {
    case .float32: array(of: Float.self).map(Double.init)
    case .float64: array(of: Double.self)
    case .float16: array(of: Float16.self).map(Double.init)
    case .bfloat16: array(of: BFloat16.self).map { Double(Float($0)) }
    case .uint64: array(of: UInt64.self).map { Double($0) }
    default: CompactFloat(elementType).map { format in byteArray.map(format.number) } ?? (integers ?? []).map(Double.init)
    }
  }
}
