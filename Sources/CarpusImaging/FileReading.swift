import Glibc

/// Why a file cannot be read.
public enum FileReadingError: Error, Hashable, CustomStringConvertible {
  case notFound
  case unreadable(reason: String)
  case tooLarge(byteCount: Int, maximum: Int)

  public var description: String {
    switch self {
    case .notFound: "There is no such file."
    case .unreadable(let reason): "The file cannot be read: \(reason)."
    case .tooLarge(let byteCount, let maximum): "The file has \(byteCount) bytes; at most \(maximum) are read."
    }
  }
}

/// Reading files whole.
public enum FileReading {
  /// 512 MB.
  public static let maximumByteCount = 512_000_000

  /// All bytes of a regular file. Pipes, devices and folders are refused, so that reading always ends.
  ///
  /// - Throws: `FileReadingError`.
  public static func read(
    _ path: String, maximumByteCount: Int = FileReading.maximumByteCount
  ) throws(FileReadingError) -> [UInt8] {
    // A C string would end at the zero and name another file.
    guard !path.utf8.contains(0) else { throw .notFound }
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard file >= 0 else {
      throw errno == ENOENT || errno == ENOTDIR ? .notFound : .unreadable(reason: systemReason())
    }
    defer { close(file) }

    var status = stat()
    guard unsafe fstat(file, &status) == 0 else { throw .unreadable(reason: systemReason()) }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .unreadable(reason: "it is not a regular file") }
    let size = Int(status.st_size)
    guard size <= maximumByteCount else { throw .tooLarge(byteCount: size, maximum: maximumByteCount) }

    var bytes = [UInt8](repeating: 0, count: size)
    var filled = 0
    while filled < size {
      let count = unsafe bytes.withUnsafeMutableBytes { unsafe Glibc.read(file, $0.baseAddress! + filled, size - filled) }
      if count < 0 && errno == EINTR { continue }
      guard count >= 0 else { throw .unreadable(reason: systemReason()) }
      guard count > 0 else { throw .unreadable(reason: "it became shorter while it was read") }
      filled += count
    }
    return bytes
  }
}

/// What the system says about its last error.
func systemReason() -> String {
  let code = errno
  guard let text = unsafe strerror(code) else { return "system error \(code)" }
  return unsafe String(cString: text)
}
