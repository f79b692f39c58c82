import CarpusKit
import CarpusTensors
import CarpusTestSupport
import Foundation
import Testing

/// `carpus export`, and what it leaves.
@Suite struct ExportCommandTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func network(_ name: String, _ file: String = "model.onnx") -> String { Fixtures.url("Networks/\(name)/\(file)").path }

  private func export(_ name: String, _ options: String...) throws -> Model {
    let outcome = try Command.run(["export", network(name), "--output", folder.path("m.onnx")] + options)
    #expect(outcome.code == 0, "\(outcome.errors)")
    return try Model(path: folder.path("m.onnx"))
  }

  @Test(arguments: ["pooled_linear", "residual_dynamo", "smooth", "tokens"], [[], ["--external"]])
  func aNetworkGivesTheSameBits(_ name: String, _ options: [String]) throws {
    let outcome = try Command.run(["export", network(name), "--output", folder.path("m.onnx")] + options)
    #expect(outcome.code == 0 && outcome.output.contains("score"), "\(outcome.errors)")
    let input = ["radiograph": try TensorFiles.read(network(name, "input.npy"))]
    let expected = try Model(path: network(name)).run(input)[0].tensor
    #expect(try Model(path: folder.path("m.onnx")).run(input)[0].tensor.array(of: Float.self) == expected.array(of: Float.self))
    #expect(FileManager.default.fileExists(atPath: folder.path("m.onnx.data")) == !options.isEmpty)
  }

  /// Against PyTorch in float64, as `carpus gradient` is.
  @Test(arguments: ["pooled_linear", "residual_dynamo", "smooth", "tokens"]) func aGradientIsAnOutput(_ name: String) throws {
    let model = try export(
      name, "--gradient-of", "score:0", "--with-respect-to", "radiograph", "--shape", "radiograph=2x3x64x48", "--fold")
    let results = try model.run(["radiograph": try TensorFiles.read(network(name, "input.npy"))])
    #expect(results.map(\.name) == ["score", "gradient.radiograph"])
    let expected = try TensorFiles.read(network(name, "input_gradient.npy")).doubles
    let error = zip(results[1].tensor.doubles, expected).map { abs($0 - $1) }.max()!
    #expect(error < 1e-5 * expected.map(abs).max()!)
  }

  @Test func anyTensorCanBeAnOutput() throws {
    let name = "/features/features.3/Relu_output_0"
    let model = try export("pooled_linear", "--outputs", name)
    let activations = try model.run(["radiograph": try TensorFiles.read(network("pooled_linear", "input.npy"))])
    #expect(activations.map(\.name) == [name])
    #expect(activations[0].tensor.shape == (try TensorFiles.read(network("pooled_linear", "activations.npy"))).shape)
  }

  @Test func mistakesLeaveNothingBehind() throws {
    let model = network("pooled_linear"), output = folder.path("m.onnx")
    for (code, words, arguments) in [
      (64, "need each other", [model, "--output", output, "--gradient-of", "score"]),
      (64, "nearest", [model, "--output", output, "--outputs", "nowhere"]),
      (64, "no input 'x'", [model, "--output", output, "--shape", "x=1x3x64x48"]),
      (66, "none.onnx", [folder.path("none.onnx"), "--output", output]),
      (73, "m.onnx", [model, "--output", folder.path("none/m.onnx")]),
    ] as [(Int32, String, [String])] {
      let outcome = try Command.run(["export"] + arguments)
      #expect(outcome.code == code && outcome.errors.contains(words), "\(outcome.code) \(outcome.errors)")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
    }
  }
}
