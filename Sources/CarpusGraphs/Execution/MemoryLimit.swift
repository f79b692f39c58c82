import CarpusTensors

/// The memory that one graph may take: three quarters of what the machine has.
enum MemoryLimit {
  static var byteCount: Int { SystemMemory.byteCount / 4 * 3 }

  /// - Parameter limit: bytes that are left.
  static func check(_ shape: Shape, _ elementType: ElementType, limit: Int = byteCount) throws(OperatorError) {
    let bytes = shape.count * elementType.byteCount
    guard bytes <= limit else {
      throw .tooLarge("a result of \(shape) elements takes \(bytes / 1_000_000) MB, more than the \(limit / 1_000_000) MB that are left")
    }
  }

  /// The same for a tensor of these texts.
  static func check(_ texts: [String]) throws(OperatorError) {
    var bytes = texts.count * ElementType.string.byteCount
    for text in texts { bytes += text.utf8.count }
    guard bytes <= byteCount else {
      throw .tooLarge("\(texts.count) texts take \(bytes / 1_000_000) MB, more than the \(byteCount / 1_000_000) MB that there are")
    }
  }
}
