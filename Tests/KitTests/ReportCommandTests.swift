import CarpusKit
import Foundation
import Testing

/// `carpus report` and `carpus verify` on a small audit, and on an explanation.
@Suite(.serialized) struct ReportCommandTests {
  private let folder: TemporaryFolder
  private let model = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../Fixtures/Cards/fine.onnx").standardizedFileURL.path

  init() throws {
    folder = try TemporaryFolder()
    let outcome = try Command.run([
      "phantom", "--count", "4", "--seed", "3", "--size", "256x256", "--output", folder.path("cohort"), "--quiet",
    ])
    try #require(outcome.code == 0, "\(outcome.errors)")
    // Few resamples and places: the tests ask whether numbers stay the same, not what they are.
    let study = try String(contentsOfFile: folder.path("cohort/study.json"), encoding: .utf8)
    try study.replacing("\"images\"", with: "\"resamples\": 30, \"draws\": 20, \"images\"", maxReplacements: 1)
      .write(toFile: folder.path("cohort/study.json"), atomically: true, encoding: .utf8)
    let audit = try Command.run([
      "audit", folder.path("cohort/study.json"), "--model", model, "--output", folder.path("audit"), "--fail-on", "none", "--pages", "2", "--quiet",
    ])
    try #require(audit.code == 0, "\(audit.errors)")
  }

  private func text(_ name: String) throws -> String { try String(contentsOfFile: folder.path(name), encoding: .utf8) }

  private func verify(_ name: String, _ more: [String] = []) throws -> Command.Outcome { try Command.run(["verify", folder.path(name)] + more) }

  @Test func pagesAreWrittenAgainToTheSameBytes() throws {
    let pages = try FileManager.default.contentsOfDirectory(atPath: folder.path("audit/images")).sorted()
    #expect(pages.count == 2 && pages.allSatisfy { $0.hasSuffix(".fine.html") })
    let index = try text("audit/index.html"), card = try text("audit/audit-card.md")
    for page in pages { #expect(index.contains("href=\"images/\(page)\"")) }
    #expect(try text("audit/images/\(pages[0])").contains("Reader’s score"))
    try FileManager.default.removeItem(atPath: folder.path("audit/index.html"))
    let again = try Command.run(["report", folder.path("audit"), "--figures"])
    #expect(again.code == 0 && again.output.contains("index.html"), "\(again.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("audit/figures")).sorted() == ["coverings-1.png", "coverings-1.svg", "evidence-1.png", "evidence-1.svg", "joints-1.png", "joints-1.svg"])
    #expect(try text("audit/index.html") == index && text("audit/audit-card.md") == card)
    let page = try text("audit/images/\(pages[1])")
    try "gone".write(toFile: folder.path("audit/images/\(pages[1])"), atomically: true, encoding: .utf8)
    let all = try Command.run(["report", folder.path("audit"), "--study", folder.path("cohort/study.json"), "--model", model, "--pages", "all"])
    #expect(all.code == 0, "\(all.errors)")
    #expect(try text("audit/images/\(pages[1])") == page)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("audit/images")).count == 4)
    let none = try Command.run(["report", folder.path("cohort")])
    #expect(none.code == 66 && none.errors.contains("not the folder of an audit"), "\(none.errors)")
  }

  @Test func verifyFindsEachChange() throws {
    let study = ["--study", folder.path("cohort/study.json"), "--model", model, "--sample", "1"]
    let whole = try verify("audit", study)
    #expect(whole.code == 0 && !whole.output.contains("DIFFERS") && whole.output.contains("1 radiographs measured again give the same numbers"), "\(whole.output)\(whole.errors)")
    for file in ["summary.json", "images.csv", "regions.csv", "index.html", "audit-card.md", "junit.xml", "verdicts.sarif"] {
      let own = try text("audit/\(file)")
      let place = try #require(own.lastIndex { $0 == "1" || $0 == "0" })
      try own.replacingCharacters(in: place...place, with: "7").write(toFile: folder.path("audit/\(file)"), atomically: true, encoding: .utf8)
      let changed = try verify("audit")
      #expect(changed.code == 1 && changed.output.contains("DIFFERS \(file): line ") && changed.output.components(separatedBy: "DIFFERS").count == 2, "\(changed.output)")
      try own.write(toFile: folder.path("audit/\(file)"), atomically: true, encoding: .utf8)
    }
    let image = folder.path("cohort/images/000002.png"), bytes = try Data(contentsOf: URL(filePath: image))
    try (bytes + Data([0])).write(to: URL(filePath: image))
    let other = try verify("audit", study)
    #expect(other.code == 1 && other.output.contains("DIFFERS radiographs: 1 have other hashes: images/000002.png"), "\(other.output)")
  }

  @Test func verifyReadsExplanationsToo() throws {
    let image = folder.path("cohort/images/000001.png")
    let explained = try Command.run(
      ["explain", model, "--image", image, "--regions", folder.path("cohort/regions.coco.json"), "--draws", "0", "--output", folder.path("explanation"), "--quiet"])
    #expect(explained.code == 0, "\(explained.errors)")
    let files = ["--model", model, "--image", image]
    let whole = try verify("explanation", files)
    #expect(whole.code == 0 && whole.output.split(separator: "\n").count == 6, "\(whole.output)\(whole.errors)")
    let own = try text("explanation/explanation.json")
    let range = try #require(own.range(of: "\"intercept\": "))
    try own.replacingCharacters(in: range.upperBound..<own.index(after: range.upperBound), with: "9").write(
      toFile: folder.path("explanation/explanation.json"), atomically: true, encoding: .utf8)
    let changed = try verify("explanation")
    #expect(changed.code == 1 && changed.output.contains("DIFFERS budget") && changed.output.contains("DIFFERS report.html"), "\(changed.output)")
    #expect(try verify("explanation", ["--image", model]).output.contains("DIFFERS radiograph"))
    #expect(try verify("cohort").code == 66)
  }
}
