import CarpusAnatomy
import CarpusKit
import CarpusReporting
import CarpusTestSupport
import Foundation
import Testing

/// The networks that were trained on phantoms do what they are known to do.
@Suite struct StandInTests {
  private static let names = ["honest-resnet", "honest-mobilenet", "honest-densenet", "marker", "wrist", "shuffled", "random"]

  private struct Reference: Decodable {
    struct Image: Decodable {
      let image: String
      let scores: [String: Double]
    }
    let images: [Image]
  }

  private func path(_ name: String) -> String { Fixtures.url("Models/\(name)").path }

  /// PyTorch and a preprocessing in NumPy: Fixtures/Training/reference.py.
  @Test(arguments: names + ["ensemble"])
  func scoresAreThoseOfPyTorch(_ name: String) throws {
    let reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: Fixtures.url("Models/reference/scores.json")))
    #expect(reference.images.count == 6)
    let scorer = try Scorer(path: path(name == "ensemble" ? "ensemble.json" : name + ".onnx"))
    let scores = try scorer.scores(of: reference.images.map { path("reference/\($0.image)") })
    for (score, image) in zip(scores, reference.images) {
      #expect(score.image == image.image)
      let points = try #require(score.score), wanted = try #require(image.scores[name])
      #expect(abs(points - wanted) < 1e-3, "\(image.image): \(points), PyTorch \(wanted)")
    }
  }

  /// The same phantoms without a marker and with one that follows the score; nothing else differs.
  @Test func theMarkerMovesTheShortcutAndNotTheHonestNetworks() throws {
    let folder = try TemporaryFolder()
    let common = ["phantom", "--count", "6", "--seed", "77", "--size", "640x640", "--quiet"]
    let rest = "border,ring,text,cast,exposure,window,sclerosis"
    let without = try Command.run(common + ["--output", folder.path("without"), "--nuisances", rest])
    let with = try Command.run(common + ["--output", folder.path("with"), "--nuisances", rest + ",marker", "--marker-habit", "follows-score"])
    #expect(without.code == 0 && with.code == 0, "\(without.errors) \(with.errors)")
    func change(_ name: String) throws -> Double {
      let scorer = try Scorer(path: path(name + ".onnx"))
      let scores = try ["without", "with"].map { kind in
        try scorer.scores(of: (1...6).map { folder.path("\(kind)/images/00000\($0).png") }).map { try #require($0.score) }
      }
      return zip(scores[0], scores[1]).reduce(0) { $0 + abs($1.0 - $1.1) } / 6
    }
    #expect(try change("marker") > 20)
    for name in ["honest-resnet", "honest-mobilenet", "honest-densenet"] { #expect(try change(name) < 2, "\(name)") }
  }

  @Test func theDemonstrationExplainsTheHighestScoreByJoints() throws {
    let outcome = try Demonstration.run(in: Fixtures.url("..").path, threads: 1, commandLine: "")
    let report = outcome.report
    #expect(report.members.count == 3)
    #expect(report.measurement?.regions.regions.count == 44)
    // Behind global average pooling and one linear layer the map is complete.
    let budget = try #require(report.budgets.first), score = try #require(report.scores.first)
    #expect(abs(budget.residual) < 1e-3 * max(1, abs(score.value)))
    // Joints fill a tenth of the picture at most, and hold most of what these networks see.
    let inside = try #require(report.measurement?.focus.inRegions)
    #expect(inside.areaShare < 0.15)
    #expect(try #require(inside.mass) > 0.5)
  }
}
