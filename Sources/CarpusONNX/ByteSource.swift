/// Where the bytes of a model lie.
enum ByteSource: Sendable {
  case memory([UInt8])
  case file(OpenFile)

  var byteCount: Int {
    switch self {
    case .memory(let bytes): bytes.count
    case .file(let file): file.byteCount
    }
  }

  /// Fills `target` with the bytes from `offset` on.
  ///
  /// - Precondition: there are so many.
  func read(at offset: Int, into target: inout MutableSpan<UInt8>) throws(ONNXFileError) {
    switch self {
    case .memory(let bytes):
      for index in target.indices { target[index] = bytes[offset + index] }
    case .file(let file):
      do { try file.read(at: offset, into: &target) } catch {
        throw ONNXFileError(.unreadable, "The file could not be read: \(error.words).")
      }
    }
  }
}

extension OpenFile.Failure {
  var words: String {
    switch self {
    case .notFound: "there is no such file"
    case .symbolicLink: "it is a symbolic link, or lies behind one"
    case .notRegular: "it is not a regular file"
    case .system(let reason): reason
    }
  }
}

/// Reads a source from front to back, a window at a time.
struct ByteCursor {
  private let source: ByteSource
  private var window: [UInt8]
  private var windowStart = 0
  private(set) var position = 0
  let byteCount: Int
  private static let windowByteCount = 16 << 10

  init(_ source: ByteSource) {
    self.source = source
    byteCount = source.byteCount
    if case .memory(let bytes) = source { window = bytes } else { window = [] }
  }

  /// - Precondition: `position < byteCount`
  mutating func next() throws(ONNXFileError) -> UInt8 {
    try fill()
    defer { position += 1 }
    return window[position - windowStart]
  }

  /// Appends the next bytes to `target`.
  ///
  /// - Precondition: there are so many.
  mutating func copy(_ count: Int, to target: inout [UInt8]) throws(ONNXFileError) {
    let end = position + count
    while position < end {
      try fill()
      let first = position - windowStart
      let part = min(end - position, window.count - first)
      target.append(contentsOf: window[first..<first + part])
      position += part
    }
  }

  /// - Precondition: there are so many bytes.
  mutating func skip(_ count: Int) { position += count }

  /// Makes sure that the byte at `position` lies in the window.
  private mutating func fill() throws(ONNXFileError) {
    if position >= windowStart, position - windowStart < window.count { return }
    var bytes = [UInt8](repeating: 0, count: min(Self.windowByteCount, byteCount - position))
    var span = bytes.mutableSpan
    try source.read(at: position, into: &span)
    window = bytes
    windowStart = position
  }
}
