import CarpusKit
import CarpusTensors
import CarpusTestSupport
import Foundation
import Testing

/// What `carpus run` writes for values that are no tensors, reads from npy, and finds inside functions.
@Suite struct RunCommandTests {
  private let folder: TemporaryFolder
  init() throws { folder = try TemporaryFolder() }

  private let four = [(4, nil)] as [(Int?, String?)]

  private func model(_ nodes: [WireMessage], inputs: [WireMessage], outputs: [WireMessage], _ more: (WireMessage) -> WireMessage = { $0 }) throws -> String {
    var graph = Wire.graph(nodes: nodes)
    for input in inputs { graph = graph.message(11, input) }
    for output in outputs { graph = graph.message(12, output) }
    return try folder.write(more(Wire.model(graph)).bytes, to: "m.onnx")
  }

  private func sequence(_ name: String) -> WireMessage {
    let element = WireMessage().message(1, WireMessage().number(1, 1))
    return WireMessage().text(1, name).message(2, WireMessage().message(4, WireMessage().message(1, element)))
  }

  private func run(_ model: String, _ tensor: Tensor, _ more: String...) throws -> Command.Outcome {
    try TensorFiles.write(tensor, to: folder.path("x.npy"))
    return try Command.run(["run", model, "--input", folder.path("x.npy"), "--output-dir", folder.path("out")] + more)
  }

  @Test func aSequenceIsWrittenElementByElement() throws {
    let split = Wire.node("SplitToSequence", name: "s", from: ["x"], to: ["parts"], [Wire.attribute("axis", type: 2).number(3, 0)])
    let path = try model([split], inputs: [Wire.value("x", type: 1, four)], outputs: [sequence("parts")])
    let outcome = try run(path, Tensor([Float(1), 2, 3, 4]))
    #expect(outcome.code == 0, "\(outcome.errors)")
    for index in 0..<4 { #expect(try TensorFiles.read(folder.path("out/parts.\(index).npy")).doubles == [Double(index + 1)]) }
    let lines = outcome.output.split(separator: "\n").map(String.init)
    #expect(lines.count == 5 && lines[0] == "parts    sequence of 4" && lines[1].hasPrefix("parts.0  float32"))
  }

  /// Winograd's method rounds otherwise than plain sums, by little.
  @Test func strictRunsRoundAsPlainSums() throws {
    let numbers = (0..<320 * 320).map { Float(($0 &* 2_654_435_761) & 0xffff) / 65_536 }
    let path = Fixtures.url("Models/honest-resnet.onnx").path, tensor = Tensor(numbers, shape: [1, 1, 320, 320])
    func features(_ more: String...) throws -> [Double] {
      try TensorFiles.write(tensor, to: folder.path("x.npy"))
      let outcome = try Command.run(["run", path, "--input", folder.path("x.npy"), "--output-dir", folder.path("out"), "--output", "/Flatten_output_0"] + more)
      #expect(outcome.code == 0, "\(outcome.errors)")
      let files = try FileManager.default.contentsOfDirectory(atPath: folder.path("out"))
      return try TensorFiles.read(folder.path("out/\(try #require(files.first))")).doubles
    }
    let usual = try features(), strict = try features("--strict")
    let largest = strict.map { abs($0) }.max() ?? 0
    #expect(largest > 0 && usual.count == strict.count && usual != strict)
    #expect(zip(usual, strict).allSatisfy { abs($0 - $1) < 1e-5 * largest })
  }

  @Test func aMapIsWrittenAsKeysAndValues() throws {
    let keys = Wire.attribute("classlabels_strings", type: 8).text(9, "healthy").text(9, "eroded")
    let zip = Wire.node("ZipMap", domain: "ai.onnx.ml", name: "z", from: ["x"], to: ["classes"], [keys])
    let path = try model([zip], inputs: [Wire.value("x", type: 1, [(1, nil), (2, nil)])], outputs: [WireMessage().text(1, "classes")]) {
      $0.message(8, WireMessage().text(1, "ai.onnx.ml").number(2, 1))
    }
    let outcome = try run(path, Tensor([Float(0.25), 0.75], shape: [1, 2]))
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(try TensorFiles.read(folder.path("out/classes.0.keys.npy")).texts == ["healthy", "eroded"])
    #expect(try TensorFiles.read(folder.path("out/classes.0.values.npy")).doubles == [0.25, 0.75])
  }

  @Test func anEmptyOptionalValueIsSaid() throws {
    let type = WireMessage().message(1, WireMessage().number(1, 1))
    let optional = Wire.node("Optional", name: "o", from: [], to: ["nothing"], [Wire.attribute("type", type: 13).message(14, type)])
    let path = try model(
      [optional, Wire.node("Relu", name: "r", from: ["x"], to: ["y"])], inputs: [Wire.value("x", type: 1, four)],
      outputs: [WireMessage().text(1, "nothing").message(2, WireMessage().message(9, WireMessage().message(1, type))), Wire.value("y", type: 1, four)])
    let outcome = try run(path, Tensor([Float(1), -2, 3, 4]))
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.hasPrefix("nothing  optional, empty\n"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path("out")) == ["y.npy"])
  }

  @Test func aSequenceCannotBeAnInput() throws {
    let path = try model(
      [Wire.node("ConcatFromSequence", name: "c", from: ["parts"], to: ["y"], [Wire.attribute("axis", type: 2).number(3, 0)])],
      inputs: [sequence("parts")], outputs: [Wire.value("y", type: 1, four)])
    let outcome = try run(path, Tensor([Float(1)]))
    #expect(outcome.code == 69 && outcome.errors.contains("input 'parts' of m.onnx is a sequence of float32"), "\(outcome.errors)")
  }

  @Test func textGoesInAndOut() throws {
    let path = try model(
      [Wire.node("Identity", name: "i", from: ["x"], to: ["y"])], inputs: [Wire.value("x", type: 8, [(2, nil)])], outputs: [Wire.value("y", type: 8, [(2, nil)])])
    #expect(try run(path, Tensor(["knuckle", "ß"], shape: [2])).code == 0)
    #expect(try TensorFiles.read(folder.path("out/y.npy")).texts == ["knuckle", "ß"])
  }

  @Test func tensorsInsideFunctionsHaveTheNameOfTheCall() throws {
    let function = WireMessage().text(1, "Twice").text(4, "a").text(5, "c").message(7, Wire.node("Neg", name: "n", from: ["a"], to: ["inner"]))
      .message(7, Wire.node("Neg", name: "m", from: ["inner"], to: ["c"])).message(9, WireMessage().text(1, "").number(2, 17)).text(10, "local")
    let path = try model(
      [Wire.node("Twice", domain: "local", name: "call", from: ["x"], to: ["y"])], inputs: [Wire.value("x", type: 1, four)],
      outputs: [Wire.value("y", type: 1, four)]
    ) { $0.message(25, function).message(8, WireMessage().text(1, "local").number(2, 1)) }
    let outcome = try run(path, Tensor([Float(1), -2, 3, 4]), "--output", "call/inner")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(try TensorFiles.read(folder.path("out/call_inner.npy")).doubles == [-1, 2, -3, -4])
  }
}
