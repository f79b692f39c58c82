import CCarpusONNX
import CarpusTensors

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A regular file that is open for reading. It is read, not mapped, so that a file that shrinks meanwhile is an error and not a signal; only
/// files of weights that are too large for that are mapped (Docs/Decisions/0003-mapping-large-files.md).
final class OpenFile: Sendable {
  private let descriptor: Int32
  let byteCount: Int
  let linkCount: UInt64

  enum Failure: Error {
    case notFound, symbolicLink, notRegular
    case system(String)
  }

  /// A path that the user typed; symbolic links are followed.
  convenience init(path: String) throws(Failure) { try self.init(result: unsafe cco_open(path)) }

  /// A file below `folder`. `path` is names joined by `/`; neither `..` nor a symbolic link is followed.
  convenience init(_ path: String, beneath folder: OpenFolder) throws(Failure) {
    try self.init(result: unsafe cco_open_beneath(folder.descriptor, path))
  }

  private init(result: Int32) throws(Failure) {
    guard result >= 0 else { throw Failure(status: result) }
    var facts = cco_file_facts()
    let status = unsafe cco_get_facts(result, &facts)
    guard status == 0, facts.is_regular, let size = Int(exactly: facts.byte_count), size >= 0 else {
      cco_close(result)
      throw status == 0 ? .notRegular : Failure(status: status)
    }
    descriptor = result
    byteCount = size
    linkCount = facts.link_count
  }

  deinit { cco_close(descriptor) }

  /// Fills `target` with the bytes from `offset` on.
  func read(at offset: Int, into target: inout MutableSpan<UInt8>) throws(Failure) {
    let status = unsafe target.withUnsafeMutableBytes { bytes in
      unsafe bytes.isEmpty ? 0 : cco_read(descriptor, bytes.baseAddress, bytes.count, Int64(offset))
    }
    guard status <= 0 else { throw .system("the file became shorter while it was read") }
    guard status == 0 else { throw Failure(status: status) }
  }
}

extension OpenFile {
  /// The whole file as memory that the system fills when it is read.
  func mapped() throws(Failure) -> TensorStorage {
    let count = byteCount
    guard count > 0, let start = unsafe cco_map(descriptor, count) else { throw .system("the system does not map it into memory") }
    let address = UInt(bitPattern: start)
    return unsafe TensorStorage(reading: start, byteCount: count) {
      if let start = unsafe UnsafeMutableRawPointer(bitPattern: address) { unsafe cco_unmap(start, count) }
    }
  }
}

/// A folder that is open for looking up files in it.
final class OpenFolder: Sendable {
  fileprivate let descriptor: Int32

  init(path: String) throws(OpenFile.Failure) {
    let result = unsafe cco_open_directory(path)
    guard result >= 0 else { throw OpenFile.Failure(status: result) }
    descriptor = result
  }

  deinit { cco_close(descriptor) }
}

extension OpenFile.Failure {
  fileprivate init(status: Int32) {
    self =
      switch -status {
      case ENOENT, ENOTDIR: .notFound
      case ELOOP: .symbolicLink
      default: unsafe .system(String(cString: strerror(-status)))
      }
  }
}
