import CarpusTestSupport
import Foundation
import Testing

/// `carpus conformance` on cases that are written here.
@Suite struct ConformanceTests {
  private let folder: TemporaryFolder

  /// `good/relu`, `good/relu_loose` (wrong by 0.01, which its data.json allows), `bad/number`, `bad/operator`.
  init() throws {
    folder = try TemporaryFolder()
    try Self.write("good/relu", in: folder, operator: "Relu", output: [0, 2])
    try Self.write("good/relu_loose", in: folder, operator: "Relu", output: [0, 2.01], settings: #"{"rtol": 0.1, "atol": 0}"#)
    try Self.write("bad/number", in: folder, operator: "Relu", output: [0, 2.01])
    try Self.write("bad/operator", in: folder, operator: "Frobnicate", output: [0, 2])
  }

  private static func write(_ name: String, in folder: TemporaryFolder, operator: String, output: [Float], settings: String? = nil) throws {
    try FileManager.default.createDirectory(at: folder.url.appending(path: "suite/\(name)/test_data_set_0"), withIntermediateDirectories: true)
    let two = [(2, nil)] as [(Int?, String?)]
    let graph = Wire.graph(nodes: [Wire.node(`operator`, name: "n", from: ["x"], to: ["y"])]).message(11, Wire.value("x", type: 1, two))
      .message(12, Wire.value("y", type: 1, two))
    _ = try folder.write(Wire.model(graph).bytes, to: "suite/\(name)/model.onnx")
    _ = try folder.write(Wire.floats("x", [2], [-1, 2]).bytes, to: "suite/\(name)/test_data_set_0/input_0.pb")
    _ = try folder.write(Wire.floats("y", [2], output).bytes, to: "suite/\(name)/test_data_set_0/output_0.pb")
    if let settings { _ = try folder.write(settings.utf8, to: "suite/\(name)/data.json") }
  }

  private func run(_ more: String...) throws -> Command.Outcome { try Command.run(["conformance", folder.path("suite")] + more) }

  @Test func failuresHaveReasons() throws {
    let outcome = try run()
    #expect(outcome.code == 1)
    let lines = outcome.output.split(separator: "\n").map(String.init)
    #expect(lines.count == 3)
    #expect(lines[0].hasPrefix("bad/number: output 0 (y): 1 of 2 elements differ, the first at 1: 2.0 instead of 2.0099"))
    #expect(lines[1].hasPrefix("bad/operator: ") && lines[1].contains("Frobnicate (ai.onnx 17)"))
    #expect(lines[2] == "passed 2 of 4")
  }

  @Test func only() throws {
    let outcome = try run("--only", "^good/")
    #expect(outcome.code == 0 && outcome.output == "passed 2 of 2\n")
    #expect(try run("--only", "(").code == 64)
    #expect(try run("--only", "nothing").code == 66)
  }

  @Test func json() throws {
    struct Written: Decodable {
      struct Failure: Decodable { let `case`: String, reason: String }
      let schema: String, cases: Int, passed: Int, failures: [Failure]
    }
    #expect(try run("--json", folder.path("outcome.json")).code == 1)
    let written = try JSONDecoder().decode(Written.self, from: try Data(contentsOf: folder.url.appending(path: "outcome.json")))
    #expect(written.schema == "carpus-conformance/1" && written.cases == 4 && written.passed == 2)
    #expect(written.failures.map(\.case) == ["bad/number", "bad/operator"] && written.failures.allSatisfy { !$0.reason.isEmpty })
  }

  @Test func knownFailures() throws {
    func known(_ lines: String) throws -> Command.Outcome { try run("--known", try folder.write(lines.utf8, to: "known.txt")) }
    let exact = try known("# what is not passed\nbad/number: a wrong number\nbad/operator: no such operator\n")
    #expect(exact.code == 0 && exact.output.hasSuffix("passed 2 of 4\n") && exact.errors.isEmpty)
    let surprises = try known("bad/number: a wrong number\ngood/relu: long ago\n")
    #expect(surprises.code == 1)
    #expect(surprises.errors.contains("bad/operator fails, and is not listed") && surprises.errors.contains("good/relu is listed as not passed, and passes"))
    let silent = try known("bad/number\n")
    #expect(silent.code == 65 && silent.errors.contains("gives no reason"))
    #expect(try run("--known", folder.path("none.txt")).code == 66)
  }

  @Test func foldersWithoutCases() throws {
    #expect(try Command.run("conformance", folder.path("none")).code == 66)
    try FileManager.default.createDirectory(at: folder.url.appending(path: "empty"), withIntermediateDirectories: true)
    #expect(try Command.run("conformance", folder.path("empty")).code == 66)
  }

  /// A case needs values to compare with.
  @Test func aCaseWithoutData() throws {
    try FileManager.default.removeItem(at: folder.url.appending(path: "suite/good/relu/test_data_set_0"))
    let outcome = try run("--only", "^good/relu$")
    #expect(outcome.code == 1 && outcome.output.hasPrefix("good/relu: the case has no test_data_set_0\n"))
  }
}
