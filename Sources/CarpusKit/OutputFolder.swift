import CarpusImaging
import Foundation

/// The folder that a command writes into.
public struct OutputFolder: Sendable {
  public let path: String

  /// Makes the folder if it is not there, and finds out whether files can be made in it, before any work is done.
  ///
  /// - Throws: `CarpusError` 73 when it cannot be made or written.
  public init(_ path: String) throws(CarpusError) {
    self.path = path
    let name = lastComponent(path)
    do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
      throw CarpusError(.cannotCreate, "\(name): the folder cannot be made; its parent must be a folder that you may write into")
    }
    let target = URL(filePath: path).resolvingSymlinksInPath().path
    let attributes = try? FileManager.default.attributesOfItem(atPath: target)
    guard attributes?[.type] as? FileAttributeType == .typeDirectory, FileManager.default.isWritableFile(atPath: path) else { throw CarpusError(.cannotCreate, "\(name): files cannot be made in this folder") }
  }

  public func path(of file: String) -> String { path.hasSuffix("/") ? path + file : path + "/" + file }

  /// Deletes a file, if it is there.
  ///
  /// - Throws: `CarpusError` 73 when it cannot be deleted, or is a folder.
  public func removeFile(_ file: String) throws(CarpusError) {
    let path = path(of: file)
    guard let type = try? FileManager.default.attributesOfItem(atPath: path)[.type] as? FileAttributeType else { return }
    guard type != .typeDirectory, (try? FileManager.default.removeItem(atPath: path)) != nil else {
      throw CarpusError(.cannotCreate, "\(file): there is a \(type == .typeDirectory ? "folder" : "file") of this name that cannot be replaced")
    }
  }

  /// Writes a file whole or not at all.
  public func write(_ bytes: [UInt8], to file: String) throws(CarpusError) {
    do { try AtomicWriting.write(bytes, to: path(of: file)) } catch { throw CarpusError(error, file: file) }
  }
}
