import CarpusKit
import CarpusTensors
import CarpusTestSupport
import Foundation
import Testing

/// Explanations in points, by cards and by ensembles.
@Suite struct ExplainCardTests {
  private typealias Object = [String: Any]

  private func fixture(_ name: String) -> String { Fixtures.url("Cards/\(name)").path }

  /// Two boxes on wide.png that end inside cells.
  private static let regions = """
    {"images": [{"id": 1, "file_name": "wide.png", "width": 97, "height": 61}], "categories": [{"id": 1, "name": "L:MCP2"}, {"id": 2, "name": "R:wrist"}],
     "annotations": [{"id": 1, "image_id": 1, "category_id": 1, "bbox": [3, 7, 31.5, 20]}, {"id": 2, "image_id": 1, "category_id": 2, "bbox": [44, 11, 40, 37.25]}]}
    """

  private func explained(_ model: String, side: String = "left", in folder: TemporaryFolder) throws -> Object {
    let regions = try folder.write(Array(Self.regions.utf8), to: "regions.json")
    let outcome = try Command.run(
      "explain", fixture(model), "--image", fixture("wide.png"), "--side", side, "--regions", regions, "--output", folder.url.path, "--quiet")
    #expect(outcome.code == 0, "\(outcome.errors)")
    return try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: folder.url.appending(path: "explanation.json"))) as? Object)
  }

  private func budget(_ object: Object) throws -> [String: Double] { try #require(object["budget"] as? [String: Double]) }

  @Test(arguments: ["fine", "coarse", "coarse:right", "classes"])
  func theBudgetIsInPoints(_ key: String) throws {
    let folder = try TemporaryFolder()
    let parts = key.split(separator: ":").map(String.init)
    let json = try explained("\(parts[0]).onnx", side: parts.count > 1 ? "right" : "left", in: folder)
    let reference = try #require(try CardReference.read()["wide.png"]), expected = try #require(reference.budgets[key])
    let budget = try budget(json), prediction = try #require(json["prediction"] as? Object)
    let score = try #require(prediction["score"] as? Double), wanted = try #require(reference.scores[key])
    #expect(abs(score - wanted) < 1e-4 && prediction["class"] as? Int == reference.classes[key])
    #expect((json["target"] as? Object)?["value"] as? Double == score)
    #expect(abs((budget["intercept"] ?? .nan) - expected.intercept) < 1e-4)
    #expect(abs((budget["inRegions"] ?? .nan) + (budget["elsewhere"] ?? .nan) - expected.map) < 1e-4)
    #expect(abs(budget["residual"] ?? .nan) < 1e-4 && abs(budget.values.reduce(0, +) - score) < 1e-9)
    let map = try TensorFiles.read(folder.path("map.npy"))
    #expect(abs(map.doubles.reduce(0, +) - expected.map) < 1e-3)
    let inputs = try #require(json["inputs"] as? [Object])
    #expect(inputs.count == 1 && inputs[0]["card"] as? String == "\(parts[0]).card.json")
    #expect(inputs[0]["mirrored"] as? Bool == (parts.count > 1))
    let page = try String(contentsOf: folder.url.appending(path: "report.html"), encoding: .utf8)
    #expect(page.contains("\(parts[0]).card.json") && page.contains("The tensor 1×") && page.contains("class=\"input pixels\""))
  }

  /// The map of a mirrored radiograph lies on the radiograph as it is: what is explained of the mirrored file, mirrored.
  @Test func aMirroredHandIsMappedBack() throws {
    let folder = try TemporaryFolder(), other = try TemporaryFolder()
    _ = try explained("coarse.onnx", side: "right", in: folder)
    // The network sees the same as for the mirrored radiograph of the other side.
    let mirrored = other.url.appending(path: "mirrored.png")
    try Data(contentsOf: Fixtures.url("Cards/mirrored.png")).write(to: mirrored)
    let outcome = try Command.run("explain", fixture("coarse.onnx"), "--image", mirrored.path, "--side", "left", "--output", other.url.path, "--quiet")
    #expect(outcome.code == 0, "\(outcome.errors)")
    let map = try TensorFiles.read(folder.path("map.npy")).doubles, image = try TensorFiles.read(other.path("map.npy")).doubles
    #expect(map.count == 120 && map != image)
    for row in 0..<12 { #expect(Array(map[row * 10..<row * 10 + 10]) == image[row * 10..<row * 10 + 10].reversed()) }
  }

  /// Members that see the same part of the radiograph: everything measured on regions is the weighted sum of the members' own.
  @Test func anEnsembleIsTheWeightedSumOfItsMembers() throws {
    let folder = try TemporaryFolder(), json = try explained("same.ensemble.json", in: folder)
    let members = try ["fine", "coarse"].map { try explained("\($0).onnx", in: TemporaryFolder()) }
    let weights = [0.75, 0.25]
    let own = try budget(json), theirs = try members.map(budget)
    for key in ["intercept", "inRegions", "elsewhere"] {
      let sum = zip(weights, theirs).reduce(0) { $0 + $1.0 * ($1.1[key] ?? .nan) }
      #expect(abs((own[key] ?? .nan) - sum) < 1e-9, "\(key)")
    }
    let regions = try #require(json["regions"] as? [Object])
    for index in regions.indices {
      let points = try members.map { try #require(($0["regions"] as? [Object])?[index]["points"] as? Double) }
      #expect(abs((regions[index]["points"] as? Double ?? .nan) - zip(weights, points).reduce(0) { $0 + $1.0 * $1.1 }) < 1e-9)
    }
    let map = try TensorFiles.read(folder.path("map.npy"))
    let fine = try TensorFiles.read(folder.path("map.fine.npy")), coarse = try TensorFiles.read(folder.path("map.coarse.npy"))
    #expect(map.shape == [24, 20] && fine.shape == [24, 20] && coarse.shape == [12, 10])
    for (index, value) in map.doubles.enumerated() {
      let (row, column) = (index / 20, index % 20)
      #expect(abs(value - (0.75 * fine.doubles[index] + 0.25 * coarse.doubles[row / 2 * 10 + column / 2] / 4)) < 1e-6)
    }
  }

  /// Whatever the members see, no point is lost, and the parts add up.
  @Test(arguments: ["mean", "median", "weighted", "stacked", "even"])
  func noPointIsLost(_ name: String) throws {
    let reference = try #require(try CardReference.read()["wide.png"]), expected = try #require(reference.ensembles[name])
    let folder = try TemporaryFolder(), json = try explained("\(name).ensemble.json", in: folder)
    let own = try budget(json), members = try #require(json["members"] as? [Object])
    #expect(abs(((json["prediction"] as? Object)?["score"] as? Double ?? .nan) - expected.score) < 1e-4)
    #expect(abs(own.values.reduce(0, +) - expected.score) < 1e-4 && abs(own["residual"] ?? .nan) < 1e-4)
    let wanted = try members.reduce(0.0) { sum, member in
      let reference = try #require(reference.budgets[member["name"] as? String ?? ""])
      return sum + (member["weight"] as? Double ?? .nan) * reference.map
    }
    let map = try #require((json["map"] as? Object)?["sum"] as? Double)
    #expect(abs(map - wanted) < 1e-4)
    #expect((json["inputs"] as? [Object])?.count == members.count)
    if name == "median" { #expect(members.map { $0["weight"] as? Double } == [1, 0, 0]) }
    for member in members {
      let file = try #require((member["map"] as? Object)?["file"] as? String)
      #expect(FileManager.default.fileExists(atPath: folder.path(file)))
    }
  }

  @Test func refusals() throws {
    let folder = try TemporaryFolder()
    for (arguments, code) in [(["--target", "score"], 64), (["--layer", "relu1"], 64), (["--card", "none"], 64)] as [([String], Int32)] {
      let outcome = try Command.run(
        ["explain", fixture("even.ensemble.json"), "--image", fixture("wide.png"), "--side", "left", "--output", folder.url.path] + arguments)
      #expect(outcome.code == code && outcome.errors.contains("even.ensemble.json is an ensemble"), "\(outcome.errors)")
    }
    let outcome = try Command.run(
      "explain", fixture("even.ensemble.json"), "--tensor", Fixtures.url("Networks/smooth/input.npy").path, "--output", folder.url.path)
    #expect(outcome.code == 64 && outcome.errors.contains("give --image, not --tensor"))
  }
}
