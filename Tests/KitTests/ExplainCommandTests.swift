import CarpusKit
import CarpusTensors
import CarpusTestSupport
import Foundation
import Testing

/// The main job, as a user starts it.
@Suite struct ExplainCommandTests {
  private struct Written: Decodable {
    struct Prediction: Decodable { let score: Double }
    struct Target: Decodable { let output: String, index: Int, value: Double, slope: Double }
    struct Map: Decodable {
      let method: String, layer: String, height: Int, width: Int
      let minimum: Double, maximum: Double, sum: Double, sumPositive: Double, sumNegative: Double
      let file: String
    }
    struct Budget: Decodable { let intercept: Double, inRegions: Double, elsewhere: Double, residual: Double }
    struct Region: Decodable { let id: String, points: Double, pointsPositive: Double, pointsNegative: Double, pixels: Int, areaShare: Double }
    struct Check: Decodable { let name: String, passed: Bool }

    let schema: String
    let prediction: Prediction
    let target: Target
    let map: Map
    let budget: Budget
    let regions: [Region]
    let checks: [Check]
  }

  private func fixture(_ path: String) -> String { Fixtures.url(path).path }

  private func explanation(_ folder: TemporaryFolder) throws -> Written {
    try JSONDecoder().decode(Written.self, from: try Data(contentsOf: folder.url.appending(path: "explanation.json")))
  }

  @Test func aTrainedNetworkOnADrawnHand() throws {
    let folder = try TemporaryFolder()
    let outcome = try Command.run(
      "explain", fixture("Networks/trained/model.onnx"), "--image", fixture("Networks/trained/radiograph.png"), "--regions",
      fixture("Networks/trained/regions.coco.json"), "--output", folder.url.path)
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("42.63"))
    #expect(!(outcome.output + outcome.errors).contains(Fixtures.folder.path))

    let written = try explanation(folder)
    #expect(written.schema == "carpus-explanation/1")
    // PyTorch in float64: `scores` of the network's card.json.
    #expect(abs(written.target.value - 42.62671714403012) < 1e-4)
    #expect(written.prediction.score == written.target.value)
    #expect(written.target.slope == 1)
    #expect(written.map.layer == "/features/features.11/Relu_output_0" && written.map.height == 30 && written.map.width == 24)
    let budget = written.budget
    #expect(abs(budget.intercept + budget.inRegions + budget.elsewhere + budget.residual - written.target.value) < 1e-9)
    #expect(abs(budget.residual) < 1e-5 * written.target.value)
    #expect(written.regions.count == 10)
    #expect(written.regions.allSatisfy { abs($0.pointsPositive + $0.pointsNegative - $0.points) < 1e-12 && $0.pixels > 0 })
    #expect(written.checks.allSatisfy { $0.passed })

    let map = try TensorFiles.read(folder.path("map.npy")), expected = try TensorFiles.read(fixture("Networks/trained/hirescam.npy"))
    #expect(map.elementType == .float32 && map.shape == [30, 24])
    let largest = expected.doubles.map(abs).max() ?? 0
    #expect(zip(map.doubles, expected.doubles).allSatisfy { abs($0 - $1) < 1e-5 * largest })
    #expect(abs(map.doubles.reduce(0, +) - written.map.sum) < 1e-5 * abs(written.map.sum))
    for file in ["overlay.png", "report.html", "regions.csv"] {
      #expect(FileManager.default.fileExists(atPath: folder.path(file)), "\(file)")
    }
  }

  /// A label map cannot hold overlaps: those regions lose pixels to their neighbours, the others are the same.
  @Test func polygonsRunLengthsAndALabelMapGiveTheSamePoints() throws {
    var files: [[String: Written.Region]] = []
    let sidecar = try TemporaryFolder()
    // The label map's sidecar has to bear its name.
    for (source, name) in [("hand.coco.json", "hand.coco.json"), ("hand.labels.png", "hand.labels.png"), ("hand.regions.json", "hand.labels.json")] {
      try FileManager.default.copyItem(at: Fixtures.url("Radiographs/\(source)"), to: sidecar.url.appending(path: name))
    }
    for regions in ["hand.coco.json", "hand.labels.png"] {
      let folder = try TemporaryFolder()
      let outcome = try Command.run(
        "explain", fixture("Networks/pooled_linear/model.onnx"), "--image", fixture("Radiographs/hand.png"), "--regions",
        sidecar.path(regions), "--output", folder.url.path, "--quiet")
      #expect(outcome.code == 0, "\(outcome.errors)")
      files.append(Dictionary(try explanation(folder).regions.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first }))
    }
    var same = 0
    for (id, label) in files[1] {
      let drawn = try #require(files[0][id], "\(id)")
      if drawn.pixels == label.pixels {
        same += 1
        #expect(abs(drawn.points - label.points) < 1e-12, "\(id)")
      } else {
        #expect(label.pixels < drawn.pixels, "\(id)")
      }
    }
    #expect(same == 10)
  }

  @Test func aBatchOfTensorsHasAMapForEachImage() throws {
    let folder = try TemporaryFolder()
    let outcome = try Command.run(
      "explain", fixture("Networks/residual_dynamo/model.onnx"), "--tensor", fixture("Networks/residual_dynamo/input.npy"), "--method",
      "gradcam", "--output", folder.url.path)
    #expect(outcome.code == 0, "\(outcome.errors)")
    let map = try TensorFiles.read(folder.path("map.npy")), expected = try TensorFiles.read(fixture("Networks/residual_dynamo/gradcam.npy"))
    #expect(map.shape == expected.shape)
  }

  @Test func sameBytesForAnyNumberOfThreads() throws {
    let files = try ["1", "2", "3"].map { threads in
      let folder = try TemporaryFolder()
      _ = try Command.run(
        "explain", fixture("Networks/trained/model.onnx"), "--image", fixture("Networks/trained/radiograph.png"), "--output",
        folder.url.path, "--threads", threads, "--quiet")
      return try ["map.npy", "overlay.png"].map { try Data(contentsOf: folder.url.appending(path: $0)) }
    }
    #expect(files[0] == files[1] && files[1] == files[2])
  }

  @Test func gradientAndRunWriteTensorsUnderSafeNames() throws {
    let folder = try TemporaryFolder()
    let layer = "/features/features.3/Relu_output_0"
    let model = fixture("Networks/pooled_linear/model.onnx"), input = fixture("Networks/pooled_linear/input.npy")
    let gradient = try Command.run(
      "gradient", model, "--input", input, "--of", "score:0", "--with-respect-to", layer, "--with-respect-to", "radiograph", "--output-dir",
      folder.url.path)
    #expect(gradient.code == 0, "\(gradient.errors)")
    let written = try TensorFiles.read(folder.path("gradient._features_features.3_Relu_output_0.npy"))
    let expected = try TensorFiles.read(fixture("Networks/pooled_linear/gradients.npy"))
    let largest = expected.doubles.map(abs).max() ?? 0
    #expect(written.shape == expected.shape && zip(written.doubles, expected.doubles).allSatisfy { abs($0 - $1) < 1e-5 * largest })
    #expect(FileManager.default.fileExists(atPath: folder.path("gradient.radiograph.npy")))
    let run = try Command.run("run", model, "--input", "radiograph=\(input)", "--output", layer, "--output", "score", "--output-dir", folder.url.path)
    #expect(run.code == 0 && run.output.contains("_features_features.3_Relu_output_0.npy"), "\(run.errors)")
  }

  @Test func inspectReportsMissingOperatorsAllAtOnce() throws {
    // opset_import { version: 17 }, graph { two nodes of operators that do not exist }
    func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] { [number << 3 | 2, UInt8(bytes.count)] + bytes }
    func node(_ type: String, _ output: String) -> [UInt8] {
      field(1, field(1, Array("x".utf8)) + field(2, Array(output.utf8)) + field(4, Array(type.utf8)))
    }
    let model = [0x08, 0x08] + field(8, [0x10, 17]) + field(7, node("Frobnicate", "y") + node("Defenestrate", "z"))
    let folder = try TemporaryFolder()
    let path = try folder.write(model, to: "model.onnx")
    let inspect = try Command.run("inspect", path)
    #expect(inspect.code == 69)
    #expect(inspect.output.contains("Frobnicate") && inspect.output.contains("Defenestrate"))
    let run = try Command.run("run", path, "--output-dir", folder.path("out"))
    #expect(run.code == 69 && run.errors.contains("Frobnicate") && run.errors.contains("Defenestrate"))
  }
}
