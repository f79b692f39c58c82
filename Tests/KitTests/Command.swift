import Foundation

/// The command as it was built beside these tests.
struct Command {
  struct Outcome {
    let code: Int32
    let output: String
    let errors: String
  }

  private static var executable: URL {
    URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().appending(path: "carpus")
  }

  static func run(_ arguments: String..., in folder: TemporaryFolder? = nil) throws -> Outcome { try run(arguments, in: folder) }

  static func run(_ arguments: [String], in folder: TemporaryFolder? = nil) throws -> Outcome {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    if let folder { process.currentDirectoryURL = folder.url }
    // Files, not pipes: a pipe that is full while the other one is read would stop both sides.
    let files = try TemporaryFolder()
    let output = files.url.appending(path: "output"), errors = files.url.appending(path: "errors")
    for file in [output, errors] { try Data().write(to: file) }
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()
    // A signal is reported as a code that no command of ours has.
    let code = process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus
    return Outcome(
      code: code, output: try String(contentsOf: output, encoding: .utf8), errors: try String(contentsOf: errors, encoding: .utf8))
  }
}

/// A folder that goes away with its last owner.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "carpus-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appending(path: name).path }

  func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
    try Data(bytes).write(to: url.appending(path: name))
    return path(name)
  }
}
