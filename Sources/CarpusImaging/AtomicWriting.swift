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

/// Writing files so that a reader sees the old content or the whole new one, never a part.
public enum AtomicWriting {
  /// Writes `bytes` to a new file in the folder of `path`, flushes it to the disk and renames it to `path`. When that
  /// fails, what was at `path` is untouched and the new file is gone.
  ///
  /// - Throws: `FileWritingError.cannotCreate` when there can be no such file, `.ioError` when the disk fails.
  public static func write(_ bytes: [UInt8], to path: String) throws(FileWritingError) {
    guard !path.isEmpty, !path.utf8.contains(0) else { throw .cannotCreate(reason: "its name is not a file name") }
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "./"
    let temporary = folder + ".carpus-" + String(UInt64.random(in: .min ... .max), radix: 36) + ".tmp"
    let file = unsafe open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
    guard file >= 0 else { throw .cannotCreate(reason: systemReason()) }
    do throws(FileWritingError) {
      try write(bytes, toAndClose: file)
      guard unsafe rename(temporary, path) == 0 else { throw .cannotCreate(reason: systemReason()) }
    } catch {
      unsafe unlink(temporary)
      throw error
    }
    flushFolder(folder)
  }

  private static func write(_ bytes: [UInt8], toAndClose file: CInt) throws(FileWritingError) {
    var isOpen = true
    defer { if isOpen { close(file) } }
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress! + written, $0.count - written) }
      if count < 0 && errno == EINTR { continue }
      guard count > 0 else { throw .ioError(reason: systemReason()) }
      written += count
    }
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
