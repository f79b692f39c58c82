import CarpusAnatomy
import CarpusImaging
import CarpusPhantom
import CarpusScoring
import Foundation
import Testing

/// `carpus phantom`, and what it leaves.
@Suite struct PhantomCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func draw(_ name: String, _ options: [String]) throws -> Command.Outcome {
    try Command.run(["phantom", "--output", folder.path(name), "--size", "160x128", "--seed", "5"] + options)
  }

  private func bytes(_ file: String) throws -> Data { try Data(contentsOf: URL(filePath: folder.path(file))) }

  private func rows(_ file: String) throws -> [[String]] {
    let text = try String(contentsOfFile: folder.path(file), encoding: .utf8)
    #expect(text.hasSuffix("\n") && !text.contains("\""))
    return text.dropLast().split(separator: "\n", omittingEmptySubsequences: false).map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
  }

  private static let lists = ["regions.coco.json", "scores.csv", "settings.csv", "study.json"]

  @Test func theBytesDependOnTheOptionsAlone() throws {
    let one = try draw("one", ["--count", "5", "--hands", "left", "--threads", "1"])
    #expect(one.code == 0 && one.output == "5 images with regions and scores\n" && one.errors.contains("5 of 5"), "\(one.errors)")
    #expect(try draw("three", ["--count", "5", "--hands", "left", "--threads", "3", "--quiet"]).errors.isEmpty)
    let images = (1...5).map { "images/00000\($0).png" }
    for file in images + Self.lists { #expect(try bytes("one/\(file)") == bytes("three/\(file)"), "\(file)") }
    #expect(try bytes("one/\(images[0])") != bytes("one/\(images[1])"))
    // A part of a cohort is the same as in the whole.
    #expect(try draw("part", ["--count", "2", "--first", "4", "--hands", "left"]).code == 0)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("part/images")).sorted() == ["000004.png", "000005.png"])
    for file in images[3...4] { #expect(try bytes("one/\(file)") == bytes("part/\(file)")) }
    #expect(try rows("part/scores.csv")[1...] == rows("one/scores.csv")[4...5])
    // Without temporary files.
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("one")).sorted() == (["images"] + Self.lists).sorted())
  }

  @Test(arguments: ["both", "left", "right"]) func totalsAddUp(_ hands: String) throws {
    #expect(try draw("c", ["--count", "2", "--hands", hands]).code == 0)
    let rows = try rows("c/scores.csv")
    #expect(rows[0] == ["image", "patient", "visit", "hands", "total", "class"] + SvdHItem.all.map(\.description))
    #expect(rows.count == 3 && Set(rows.map(\.count)) == [68] && Set(rows.dropFirst().map { $0[1] }).count == 2)
    for (number, row) in rows.dropFirst().enumerated() {
      #expect(row[0] == "00000\(number + 1).png" && row[3] == hands)
      let shown = zip(rows[0], row).dropFirst(6).filter { hands == "both" || $0.0.hasPrefix(hands == "left" ? "L:" : "R:") }
      #expect(shown.count == (hands == "both" ? 62 : 31) && row.dropFirst(6).count { !$0.isEmpty } == shown.count)
      let total = try #require(Int(row[4]))
      #expect(total == shown.reduce(0) { $0 + (Int($1.1) ?? 1000) })
      let edges = row[5].split(separator: "-").compactMap { Int($0) }
      #expect(edges[0] <= total && total < edges[1])
    }
  }

  @Test func theRegionsAreThoseOfThePictures() throws {
    #expect(try draw("c", ["--count", "2", "--bits", "12", "--hands", "left"]).code == 0)
    let file = Array(try bytes("c/regions.coco.json"))
    for number in 1...2 {
      let options = PhantomOptions(seed: 5, hands: .left, size: PixelSize(width: 160, height: 128), bitDepth: 12)
      let image = PhantomPatient(number, options: options).image()
      let set = try COCORegions.read(file, imageName: "00000\(number).png", imageSize: image.size)
      #expect(set.warnings.isEmpty && set.regions.map(\.id) == image.regions.map(\.region.id))
      #expect(set.regions.map(\.mask) == image.regions.map(\.region.mask) && set.regions.map(\.laterality) == image.regions.map(\.region.laterality))
      // Sixteen bits of which the lower four repeat the upper ones.
      let radiograph = try Radiograph.read(at: folder.path("c/images/00000\(number).png"))
      #expect(radiograph.bitDepth == 16 && radiograph.samples == image.samples.map { $0 * 16 + $0 / 256 })
    }
    #expect(try draw("eight", ["--count", "1", "--bits", "8", "--hands", "right", "--inverted"]).code == 0)
    #expect(try Radiograph.read(at: folder.path("eight/images/000001.png")).bitDepth == 8)
  }

  @Test func aGradeThatIsSetChangesItsColumnAlone() throws {
    #expect(try draw("drawn", ["--count", "1"]).code == 0)
    #expect(try draw("set", ["--count", "1", "--set", "L:MCP2.erosion=5", "R:sr.narrowing=0"]).code == 0)
    let drawn = try rows("drawn/scores.csv"), set = try rows("set/scores.csv")
    #expect(drawn[0] == set[0])
    for (old, new) in zip(drawn.dropFirst(), set.dropFirst()) {
      for (column, name) in drawn[0].enumerated() where !["total", "class", "L:MCP2.erosion", "R:SR.narrowing"].contains(name) {
        #expect(old[column] == new[column])
      }
      let left = try #require(set[0].firstIndex(of: "L:MCP2.erosion")), right = try #require(set[0].firstIndex(of: "R:SR.narrowing"))
      #expect(new[left] == "5" && new[right] == "0")
      #expect(Int(new[4])! == Int(old[4])! + 5 - Int(old[left])! - Int(old[right])!)
    }
    #expect(try bytes("drawn/settings.csv") == bytes("set/settings.csv"))
  }

  @Test func theSettingsSayWhatIsThere() throws {
    #expect(try draw("none", ["--count", "2", "--hands", "right", "--nuisances", "none"]).code == 0)
    #expect(try draw("some", ["--count", "2", "--hands", "right", "--nuisances", "marker,exposure", "--marker-habit", "follows-score"]).code == 0)
    let none = try rows("none/settings.csv"), some = try rows("some/settings.csv")
    #expect(Array(none[0].prefix(9)) == ["image"] + Nuisance.allCases.map(\.rawValue))
    #expect(none.dropFirst().allSatisfy { $0[1...8].allSatisfy { $0 == "0" } })
    #expect(some.dropFirst().allSatisfy { Array($0[1...8]) == ["1", "0", "0", "0", "0", "1", "0", "0"] })
    #expect(try bytes("none/scores.csv") == bytes("some/scores.csv"))
  }

  @Test func theStudyNamesFilesBesideIt() throws {
    struct Study: Decodable {
      struct Image: Decodable { let file, patient, visit: String, reference: [String: Int] }
      let schema: String, images: [Image], regions, scores: String, models: [String]
    }
    #expect(try draw("c", ["--count", "1", "--hands", "left"]).code == 0)
    let study = try JSONDecoder().decode(Study.self, from: bytes("c/study.json"))
    #expect(study.schema == "carpus-study/1" && study.models.isEmpty && study.images.count == 1)
    let rows = try rows("c/scores.csv")
    for (image, row) in zip(study.images, rows.dropFirst()) {
      #expect(image.file == "images/\(row[0])" && image.patient == row[1] && image.visit == row[2] && image.reference["total"] == Int(row[4]))
    }
    for file in [study.regions, study.scores] + study.images.map(\.file) { #expect(FileManager.default.fileExists(atPath: folder.path("c/\(file)"))) }
  }

  @Test func mistakesLeaveNothingBehind() throws {
    for (words, options) in [
      ("0 to 5", ["--set", "L:MCP2.erosion=6"]), ("0 to 4", ["--set", "L:MCP2.narrowing=-1"]), ("there are IP1, PIP2", ["--set", "L:MCP9.erosion=1"]),
      ("side is L or R", ["--set", "MCP2.erosion=1"]), ("IP1.erosion", ["--set", "L:IP1.narrowing=1"]), ("SIDE:SITE.KIND=GRADE", ["--set", "L:MCP2"]),
      ("right hand only", ["--hands", "right", "--set", "L:MCP2.erosion=1"]), ("two grades", ["--set", "L:MCP2.erosion=1", "--set", "L:mcp2.erosion=2"]),
      ("WIDTHxHEIGHT", ["--size", "10"]), ("64 to 8192", ["--size", "63x100"]), ("64 million", ["--size", "8192x8192"]),
      ("64 to 8192", ["--size", "9223372036854775807x9223372036854775807"]), ("8 to 16", ["--bits", "17"]),
      ("1 to 999999", ["--count", "0"]), ("1 to 999999", ["--count", "9223372036854775807"]), ("--first", ["--first", "0"]),
      ("--first", ["--first", "9223372036854775807"]), ("there is no 'rings'", ["--nuisances", "marker,rings"]), ("there is no ''", ["--nuisances", "ring,"]),
      ("needs the nuisance 'marker'", ["--nuisances", "ring", "--marker-habit", "follows-score"]), ("--hands", ["--hands", "one"]),
      ("--seed", ["--seed", "x"]), ("--threads", ["--threads", "0"]),
    ] {
      let outcome = try Command.run(["phantom", "--output", folder.path("c")] + (options[0] == "--count" ? [] : ["--count", "1"]) + options)
      #expect(outcome.code == 64 && outcome.errors.contains(words), "\(options) \(outcome.code) \(outcome.errors)")
      #expect(!FileManager.default.fileExists(atPath: folder.path("c")))
    }
  }

  @Test func aFolderWithoutTheListsIsNotComplete() throws {
    #expect(try draw("c", ["--count", "1", "--hands", "left"]).code == 0)
    // A file where the images' folder should be: no image can be written.
    try FileManager.default.removeItem(atPath: folder.path("c/images"))
    _ = try folder.write([], to: "c/images")
    #expect(try draw("c", ["--count", "1", "--hands", "left"]).code == 73)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("c")) == ["images"])
  }
}
