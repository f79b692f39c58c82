import CarpusAnatomy
import CarpusExplanation
import CarpusImaging
import CarpusKit
import CarpusReporting
import CarpusTensors
import CarpusTestSupport
import Foundation
import Testing

/// The networks of `Fixtures/Networks`, exported by PyTorch, against float64 values of PyTorch.
@Suite struct NetworkTests {
  struct Network: Sendable, CustomTestStringConvertible {
    let name: String
    var testDescription: String { name }
    /// The layer that PyTorch explained, if not the automatic one.
    func path(_ file: String) -> String { Fixtures.url("Networks/\(name)/\(file)").path }
    func tensor(_ file: String) throws -> Tensor { try TensorFiles.read(path(file)) }
    func model() throws -> Model { try Model(path: path("model.onnx")) }
  }

  static let convolutional = ["pooled_linear", "residual_dynamo", "smooth"].map(Network.init)
  static let all = convolutional + [Network(name: "tokens")]

  /// `max |a − b| / max |b|`.
  private func relativeError(_ a: Tensor, _ b: Tensor) -> Double {
    zip(a.doubles, b.doubles).map { abs($0 - $1) }.max()! / b.doubles.map(abs).max()!
  }

  @Test(arguments: all) func output(_ network: Network) throws {
    let outputs = try network.model().run(["radiograph": try network.tensor("input.npy")])
    // Float32 rounds each score at 6e-8 of the largest number that is added up on the way.
    #expect(relativeError(outputs[0].tensor, try network.tensor("output.npy")) < 2e-6)
  }

  @Test(arguments: all) func aBatchOfTwoIsTwoSingles(_ network: Network) throws {
    let model = try network.model()
    let input = try network.tensor("input.npy")
    let both = try model.run(["radiograph": input])[0].tensor
    let count = input.shape.count / 2
    let singles = try (0..<2).flatMap { image in
      let shape = Shape([1] + input.shape.extents.dropFirst())
      let values = Array(input.array(of: Float.self)[image * count..<(image + 1) * count])
      return try model.run(["radiograph": Tensor(values, shape: shape)])[0].tensor.doubles
    }
    #expect(zip(both.doubles, singles).allSatisfy { abs($0 - $1) <= 1e-6 * abs($1) })
  }

  @Test(arguments: all) func inputGradient(_ network: Network) throws {
    let gradients = try network.model().gradients(
      of: "score", index: 0, withRespectTo: ["radiograph"], ["radiograph": try network.tensor("input.npy")])
    // Where nothing flips, to 1e-5; these four have no ReLU that sits within float32 rounding of 0.
    #expect(relativeError(gradients[0].tensor, try network.tensor("input_gradient.npy")) < 1e-5)
  }

  @Test(arguments: convolutional, ["gradcam", "hirescam"]) func rawMaps(_ network: Network, _ method: String) throws {
    let report = try network.model().explained(
      ExplanationRequest(subject: .tensor(path: network.path("input.npy")), method: method))
    let expected = try network.tensor("\(method).npy")
    let actual = Tensor(report.maps.flatMap(\.values), shape: expected.shape)
    #expect([report.maps.count, report.maps[0].height, report.maps[0].width] == expected.shape.extents)
    #expect(relativeError(actual, expected) < 1e-5)
  }

  @Test func theSumOfTheMapAndTheBiasIsTheScore() throws {
    let network = Network(name: "pooled_linear")
    let report = try network.model().explained(ExplanationRequest(subject: .tensor(path: network.path("input.npy"))))
    for (score, (map, budget)) in zip(report.scores, zip(report.maps, report.budgets)) {
      #expect(abs(budget.intercept - 111.0086) < 1e-3)
      #expect(abs(budget.intercept + map.sum - score.value) <= 1e-5 * abs(score.value))
      #expect(abs(budget.residual) <= 1e-5 * abs(score.value))
    }
  }

  @Test func threadsDoNotChangeAnything() throws {
    let network = Network(name: "residual_dynamo")
    let input = ["radiograph": try network.tensor("input.npy")]
    let one = try network.model().run(input, threads: 1)[0].tensor.array(of: Float.self)
    for threads in [2, 3, 7] { #expect(try network.model().run(input, threads: threads)[0].tensor.array(of: Float.self) == one) }
  }

  @Test func anyTensorOfTheFileCanBeAskedFor() throws {
    let network = Network(name: "pooled_linear")
    let name = "/features/features.3/Relu_output_0"
    let tensor = try network.model().run(["radiograph": try network.tensor("input.npy")], outputs: [name])[0].tensor
    #expect(relativeError(tensor, try network.tensor("activations.npy")) < 1e-6)
  }
}
