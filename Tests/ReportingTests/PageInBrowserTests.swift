import CarpusReporting
import Foundation
import Testing

/// The page's own test in a browser, where one is installed, and what its policy admits.
@Suite(.serialized) struct PageInBrowserTests {
  static let browser = ["chromium-headless-shell", "chromium", "google-chrome"].lazy
    .map { "/usr/bin/\($0)" }.first { FileManager.default.isExecutableFile(atPath: $0) }

  @Test(.enabled(if: browser != nil, "no browser is installed"), arguments: ["measured", "hostile", "tensor", "batch", "zero", "full"])
  func passesItsOwnTest(_ name: String) throws {
    let report =
      switch name {
      case "tensor": try SampleReports.tensor()
      case "full": try SampleReports.full()
      case "batch": try SampleReports.batch()
      case "zero": try SampleReports.small(values: [Double](repeating: 0, count: 12))
      case "hostile": try SampleReports.small(names: [SampleReports.hostile, "\u{202e}MCP3", "wrist"])
      default: try SampleReports.small()
      }
    let result = try selftest(of: try ExplanationPage.html(of: report))
    #expect(result.hasSuffix(" passed, 0 failed"), "\(result)")
    #expect((Int(result.prefix { $0 != " " }) ?? 0) >= 20)
  }

  @Test(.enabled(if: browser != nil, "no browser is installed"))
  func noticesAWrongPage() throws {
    let page = try ExplanationPage.html(of: try SampleReports.small())
    let wrong = page.replacingOccurrences(
      of: "data-part=\"intercept\" data-points=\"5.0\"", with: "data-part=\"intercept\" data-points=\"6.0\"")
    #expect(try selftest(of: wrong).contains("failed: parts add up to the score"))
  }

  func selftest(of page: String) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(path: "carpus-page-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "report.html")
    try Data(page.utf8).write(to: file)
    let browser = try #require(Self.browser)
    let output = try run(browser, [
      "--headless", "--no-sandbox", "--user-data-dir=\(folder.path)/profile", "--virtual-time-budget=4000", "--dump-dom",
      "file://\(file.path)#selftest",
    ])
    let dom = String(decoding: output, as: UTF8.self)
    return try #require(dom.components(separatedBy: "id=\"selftest\">").last?.components(separatedBy: "</output>").first)
  }

  /// The policy names the style and the script by their hashes: after a change to one of them, this says the new hash.
  @Test(arguments: ["style", "script", "explanation"])
  func thePolicyKnowsStyleAndScript(_ part: String) throws {
    let (text, hash) =
      switch part {
      case "style": (pageStyle, pageStyleHash)
      case "script": (pageScript, pageScriptHash)
      default: (explanationScript, explanationScriptHash)
      }
    let output = String(decoding: try run("/usr/bin/env", ["sha256sum"], input: Data(text.utf8)), as: UTF8.self)
    let digits = Array(output.prefix(64).utf8)
    let bytes = stride(from: 0, to: digits.count - 1, by: 2)
      .compactMap { UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16) }
    try #require(bytes.count == 32)
    #expect(hash == "sha256-" + Data(bytes).base64EncodedString())
  }

  func run(_ program: String, _ arguments: [String], input: Data = Data()) throws -> Data {
    let process = Process()
    process.executableURL = URL(filePath: program)
    process.arguments = arguments
    let (standardInput, standardOutput) = (Pipe(), Pipe())
    process.standardInput = standardInput
    process.standardOutput = standardOutput
    process.standardError = FileHandle.nullDevice
    try process.run()
    try standardInput.fileHandleForWriting.write(contentsOf: input)
    try standardInput.fileHandleForWriting.close()
    let output = try standardOutput.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return output
  }
}
