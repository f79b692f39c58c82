import Foundation

/// A folder that lives as long as the value.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appending(path: "carpus-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  @discardableResult
  func write(_ name: String, _ bytes: [UInt8]) throws -> String {
    let file = path + "/" + name
    try Data(bytes).write(to: URL(filePath: file))
    return file
  }

  func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path + "/" + name) }

  /// A named pipe: whoever opens it to read waits for a writer.
  @discardableResult
  func makePipe(_ name: String) throws -> String {
    let pipe = path + "/" + name
    let process = try Process.run(URL(filePath: "/usr/bin/env"), arguments: ["mkfifo", pipe])
    process.waitUntilExit()
    return pipe
  }
}
