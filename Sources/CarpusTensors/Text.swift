/// Tensors of text.
///
/// Their storage begins with a place (offset and length, 8 bytes each) for every text; the bytes of the texts, in UTF-8, follow. A place
/// of zeros is the empty text.
extension Tensor {
  /// - Precondition: as many texts as the shape has elements.
  public init(_ texts: [String], shape: Shape) {
    precondition(texts.count == shape.count, "\(texts.count) texts for a tensor of shape \(shape)")
    let places = texts.count * ElementType.string.byteCount
    let storage = TensorStorage(byteCount: texts.reduce(places) { $0 + $1.utf8.count })
    var bytes = storage.mutableSpan(of: UInt8.self, offset: 0, count: storage.byteCount)
    var end = places
    for (index, text) in texts.enumerated() {
      Self.write(end, at: 2 * index, into: &bytes)
      Self.write(text.utf8.count, at: 2 * index + 1, into: &bytes)
      for byte in text.utf8 {
        bytes[end] = byte
        end += 1
      }
    }
    self.init(elementType: .string, shape: shape, storage: storage)
  }

  /// The elements of a tensor of text; `nil` for others.
  public var texts: [String]? {
    guard elementType == .string else { return nil }
    let places = storage.span(of: Int64.self, offset: offset, count: 2 * shape.count)
    let bytes = storage.span(of: UInt8.self, offset: 0, count: storage.byteCount)
    return (0..<shape.count).map { index in
      let first = Int(places[2 * index]), count = Int(places[2 * index + 1])
      return String(decoding: (first..<first + count).map { bytes[$0] }, as: UTF8.self)
    }
  }

  private static func write(_ number: Int, at place: Int, into bytes: inout MutableSpan<UInt8>) {
    for byte in 0..<8 { bytes[8 * place + byte] = UInt8(truncatingIfNeeded: number >> (8 * byte)) }
  }
}
