import Glibc

/// Why a file cannot be written.
public enum FileWritingError: Error, Hashable, CustomStringConvertible {
  case cannotCreate(reason: String)
  case ioError(reason: String)

  public var description: String {
    switch self {
    case .cannotCreate(let reason): "The file cannot be created: \(reason)."
    case .ioError(let reason): "The file cannot be written: \(reason)."
    }
  }
}

/// A file that is being written, front to back.
public struct FileSink: ~Copyable {
  private let file: CInt
  /// Bytes so far.
  public private(set) var byteCount = 0

  fileprivate init(_ file: CInt) { self.file = file }

  public mutating func write(_ bytes: [UInt8]) throws(FileWritingError) { try unsafe write(bytes.span.bytes) }

  public mutating func write(_ bytes: RawSpan) throws(FileWritingError) {
    var written = 0
    while written < bytes.byteCount {
      let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress! + written, $0.count - written) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw .ioError(reason: systemReason()) }
      written += count
    }
    byteCount += written
  }
}

/// Writing files so that a reader sees the old content or the whole new one, never a part.
public enum AtomicWriting {
  /// Writes `bytes` as a whole.
  ///
  /// - Throws: `FileWritingError.cannotCreate` when there can be no such file, `.ioError` when the disk fails.
  public static func write(_ bytes: [UInt8], to path: String) throws(FileWritingError) {
    try write(to: path) { (file) throws(FileWritingError) in try file.write(bytes) }
  }

  /// Writes what `fill` gives to a new file in the folder of `path`, flushes it to the disk and renames it to `path`. When that
  /// fails, what was at `path` is untouched and the new file is gone.
  ///
  /// - Throws: `FileWritingError.cannotCreate` when there can be no such file, `.ioError` when the disk fails.
  public static func write(
    to path: String, _ fill: (inout FileSink) throws(FileWritingError) -> Void
  ) throws(FileWritingError) {
    guard !path.isEmpty, !path.utf8.contains(0) else { throw .cannotCreate(reason: "its name is not a file name") }
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "./"
    let temporary = folder + ".carpus-" + String(UInt64.random(in: .min ... .max), radix: 36) + ".tmp"
    let file = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard file >= 0 else { throw .cannotCreate(reason: systemReason()) }
    do throws(FileWritingError) {
      try write(toAndClose: file, fill)
      guard unsafe rename(temporary, path) == 0 else { throw .cannotCreate(reason: systemReason()) }
    } catch {
      unsafe unlink(temporary)
      throw error
    }
    flushFolder(folder)
  }

  /// Puts a finished file of the same folder in the place of another, if there is one: flushes it to the disk and renames it.
  ///
  /// - Throws: `FileWritingError`; then both files are as they were.
  public static func move(_ temporary: String, to path: String) throws(FileWritingError) {
    guard !temporary.utf8.contains(0), !path.utf8.contains(0) else { throw .cannotCreate(reason: "its name is not a file name") }
    let file = unsafe open(temporary, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw .cannotCreate(reason: systemReason()) }
    let isFlushed = fsync(file) == 0
    close(file)
    guard isFlushed else { throw .ioError(reason: systemReason()) }
    guard unsafe rename(temporary, path) == 0 else { throw .cannotCreate(reason: systemReason()) }
    flushFolder(path.lastIndex(of: "/").map { String(path[...$0]) } ?? "./")
  }

  private static func write(
    toAndClose file: CInt, _ fill: (inout FileSink) throws(FileWritingError) -> Void
  ) throws(FileWritingError) {
    var isOpen = true
    defer { if isOpen { close(file) } }
    var sink = FileSink(file)
    try fill(&sink)
    guard fsync(file) == 0 else { throw .ioError(reason: systemReason()) }
    isOpen = false
    guard close(file) == 0 else { throw .ioError(reason: systemReason()) }
  }

  /// Makes the new name itself durable, where the file system can; the content is already.
  private static func flushFolder(_ folder: String) {
    let descriptor = unsafe open(folder, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    fsync(descriptor)
    close(descriptor)
  }
}
