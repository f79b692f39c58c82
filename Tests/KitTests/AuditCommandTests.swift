import CarpusKit
import CarpusScoring
import Foundation
import Synchronization
import Testing

/// `carpus audit` and `carpus merge` on phantoms, with a small network.
@Suite(.serialized) struct AuditCommandTests {
  private let folder: TemporaryFolder
  private let model = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Fixtures/Cards/fine.onnx").standardizedFileURL.path

  init() throws {
    folder = try TemporaryFolder()
    let outcome = try Command.run([
      "phantom", "--count", "5", "--seed", "9", "--size", "256x256", "--output", folder.path("cohort"), "--quiet",
    ])
    try #require(outcome.code == 0, "\(outcome.errors)")
  }

  private func audit(_ name: String, _ more: [String] = []) throws -> Command.Outcome {
    try Command.run(["audit", folder.path("cohort/study.json"), "--model", model, "--output", folder.path(name), "--fail-on", "none", "--pages", "none"] + more)
  }

  private func bytes(_ name: String) throws -> Data { try Data(contentsOf: URL(filePath: folder.path(name))) }

  private static let files = ["audit.sqlite", "images.csv", "regions.csv", "summary.json", "junit.xml", "verdicts.sarif", "index.html", "audit-card.md"]

  private struct Summary: Decodable {
    struct Verdict: Decodable {
      let name: String, value: Double?, limit: Double, passed: Bool?, outcome: String, sentence: String
    }
    struct Focus: Decodable {
      let id: String, value: Double?, interval: [Double]?, chance: Double, images: Int
    }
    struct Check: Decodable { let name: String, value: Double, images: Int }
    struct Model: Decodable { let name: String, verdicts: [Verdict], focus: [Focus], checks: [Check] }
    let schema: String, images: Int, patients: Int?, models: [Model]
  }

  @Test func shardsAndPartsMakeTheSameBytes() throws {
    let whole = try audit("whole", ["--threads", "2"])
    #expect(whole.code == 0 && whole.output.contains("agreement"), "\(whole.errors)")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("whole")).sorted()
    #expect(names == Self.files.sorted())
    for shard in ["2/2", "1/2"] {
      let outcome = try audit("shard" + shard.prefix(1), ["--shard", shard])
      #expect(outcome.code == 0 && outcome.output.contains("carpus merge"), "\(outcome.errors)")
    }
    for (name, order) in [("one", ["shard1", "shard2"]), ("other", ["shard2", "shard1"])] {
      let merged = try Command.run(["merge", "--output", folder.path(name), "--fail-on", "none"] + order.map(folder.path))
      #expect(merged.code == 0, "\(merged.errors)")
      for file in Self.files { #expect(try bytes("\(name)/\(file)") == bytes("whole/\(file)"), "\(name) \(file)") }
    }
    // A part of the images is there already.
    let resumed = try audit("shard1", ["--resume"])
    #expect(resumed.code == 0, "\(resumed.errors)")
    for file in Self.files { #expect(try bytes("shard1/\(file)") == bytes("whole/\(file)"), "\(file)") }
    #expect(try audit("whole").code == 73)
    // A shard alone is not the whole.
    let alone = try Command.run(["merge", folder.path("shard2"), "--output", folder.path("alone")])
    #expect(alone.code == 65 && alone.errors.contains("3 of 5 images are missing"), "\(alone.errors)")
  }

  @Test func aStoppedAuditGoesOn() throws {
    var request = AuditRequest(study: folder.path("cohort/study.json"), models: [model], output: folder.path("stopped"))
    // Asked before the checks of the model, and before each image.
    let asked = Atomic<Int>(0)
    var count = 0
    #expect(try Audit.run(request, isStopped: { asked.add(1, ordering: .relaxed).oldValue >= 3 }, progress: { _, _ in count += 1 }) == nil)
    #expect(count == 2 && !FileManager.default.fileExists(atPath: folder.path("stopped/summary.json")))
    request.resumes = true
    var done: [Int] = []
    _ = try Audit.run(request, progress: { number, _ in done.append(number) })
    #expect(done == [3, 4, 5])
    #expect(try audit("whole", ["--quiet"]).errors.isEmpty)
    for file in Self.files { #expect(try bytes("stopped/\(file)") == bytes("whole/\(file)"), "\(file)") }
    // Other settings are not continued.
    let study = try String(contentsOfFile: folder.path("cohort/study.json"), encoding: .utf8)
    try study.replacing("\"models\"", with: "\"seed\": 2, \"models\"", maxReplacements: 1).write(toFile: folder.path("cohort/study.json"), atomically: true, encoding: .utf8)
    let other = try audit("stopped", ["--resume"])
    #expect(other.code == 64 && other.errors.contains("another ‘seed’ (1 then, 2 now)"), "\(other.errors)")
  }

  /// An ensemble is its members, weighted.
  @Test func anEnsembleIsAuditedLikeAModel() throws {
    let ensemble = URL(filePath: model).deletingLastPathComponent().appending(path: "../Models/ensemble.json").standardizedFileURL.path
    let outcome = try Command.run(
      ["audit", folder.path("cohort/study.json"), "--model", ensemble, "--model", model, "--output", folder.path("both"), "--fail-on", "none", "--quiet"])
    #expect(outcome.code == 0, "\(outcome.errors)")
    let scores = try Command.run(["score", ensemble, "--image"] + (1...5).map { folder.path("cohort/images/00000\($0).png") } + ["--csv", "--quiet"])
    let expected = scores.output.split(separator: "\n").dropFirst().compactMap { Double($0.split(separator: ",")[1]) }
    let table = try CSVTable([UInt8](bytes("both/images.csv")))
    func column(_ name: String) throws -> Int { try #require(table.column(name)) }
    let own = try (0..<table.rowCount).filter { row in try table.field(row, column("model")) == "ensemble" }
    #expect(own.count == 5 && expected.count == 5)
    for (row, expected) in zip(own, expected) {
      let score = try table.number(row, column("score"))
      #expect(abs(score - expected) < 1e-9)
      let parts = try ["intercept", "in_regions", "elsewhere", "residual"].map { name in try table.number(row, column(name)) }
      #expect(abs(parts.reduce(0, +) - score) < 1e-6)
    }
  }

  @Test func theSummaryHoldsWhatTheContractNames() throws {
    #expect(try audit("a").code == 0)
    let summary = try JSONDecoder().decode(Summary.self, from: bytes("a/summary.json"))
    #expect(summary.schema == "carpus-audit/1" && summary.images == 5 && summary.patients == 5 && summary.models.map(\.name) == ["fine"])
    let model = summary.models[0]
    #expect(model.verdicts.map(\.name) == ["agreement", "sites", "finger-joints", "background", "confounders", "marker", "other-confounders", "left-right", "damage", "weights", "without-gradient", "repeatability"])
    for verdict in model.verdicts {
      #expect(!verdict.sentence.isEmpty && (verdict.passed == nil) == (verdict.outcome == "skipped"))
    }
    // Behind global average pooling and one linear layer the map without a gradient is the map itself.
    let gradientFree = try #require(model.checks.first { $0.name == "without-gradient" })
    #expect(abs(gradientFree.value - 1) < 1e-3 && gradientFree.images == 5)
    // Five patients are too few to know how alike unrelated maps are.
    #expect(!model.checks.contains { $0.name.hasPrefix("weights") } && model.verdicts.first { $0.name == "weights" }?.outcome == "skipped")
    #expect(model.checks.contains { $0.name == "repeatability" && (-1...1).contains($0.value) })
    let ids = Set(model.focus.map(\.id))
    for id in ["sites", "finger-joints", "wrist-sites", "L:sites", "R:sites", "hands", "background", "L:mcp2", "R:ulna", "L:hand"] { #expect(ids.contains(id), "\(id)") }
    #expect(model.focus.allSatisfy { $0.chance.isFinite && $0.images > 0 })
    // Exit code 1 only for rules that were chosen.
    let failed = model.verdicts.filter { $0.passed == false }.map(\.name), passed = model.verdicts.filter { $0.passed == true }.map(\.name)
    for (rules, code) in [(failed, Int32(1)), (passed, 0)] where !rules.isEmpty {
      #expect(try audit("a", ["--resume"]).code == 0)
      let outcome = try Command.run(
        ["audit", folder.path("cohort/study.json"), "--model", self.model, "--output", folder.path("a"), "--resume", "--fail-on", rules.joined(separator: ",")])
      #expect(outcome.code == code)
    }
  }

  @Test func mistakesAreSaid() throws {
    for (code, words, arguments) in [
      (64, "names no model", []), (64, "I/N", ["--model", model, "--shard", "3/2"]), (64, "there is no rule 'focus'", ["--model", model, "--fail-on", "focus"]),
      (64, "two models are called", ["--model", model, "--model", model]), (66, "none.onnx", ["--model", "none.onnx"]),
      (65, "study.json", ["--model", folder.path("cohort/study.json")]),
    ] as [(Int32, String, [String])] {
      let outcome = try Command.run(["audit", folder.path("cohort/study.json"), "--output", folder.path("x")] + arguments)
      #expect(outcome.code == code && outcome.errors.contains(words), "\(outcome.code) \(outcome.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder.path("x/summary.json")))
    }
  }
}
