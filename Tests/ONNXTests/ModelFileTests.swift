import CarpusGraphs
import CarpusONNX
import CarpusTensors
import CarpusTestSupport
import Foundation
import Testing

@Suite struct ModelFileTests {
  @Test func readsEveryField() throws {
    let model = try ONNXFile.read(bytes: Wire.sample)
    #expect(model.irVersion == 8)
    #expect(model.producerName == "tests")
    #expect(model.producerVersion == "")
    #expect(model.modelVersion == 3)
    #expect(model.opsetImports == ["": 17, "com.example": 1])
    #expect(model.metadata == ["author": "k"])
    #expect(model.functions.map { [$0.name, $0.domain, $0.overload, "\($0.nodes.count)"] } == [["f", "d", "", "1"]])
    let graph = model.graph
    #expect(graph.name == "g")
    #expect(graph.initializerOrder == ["w", "axes"])
    #expect(graph.initializers["w"]?.shape == [2, 2])
    #expect(graph.initializers["w"]?.array(of: Float.self) == [1, 2, -3, 0.5])
    #expect(graph.initializers["axes"]?.array(of: Int64.self) == [-1, 5])
    #expect(graph.inputs.map(\.name) == ["x"])
    #expect(graph.inputs.first?.type == .tensor(.float32, [.symbol("N"), .known(3), .unknown, .unknown]))
    #expect(graph.outputs.first?.type == .tensor(.float16, []))
    #expect(graph.valueInfo.map(\.name) == ["z"])
    #expect(graph.valueInfo.first?.type == nil)
    #expect(graph.nodes.map(\.operatorType) == ["Conv", "Relu"])
    #expect(graph.nodes.map(\.index) == [0, 1])
    let node = try #require(graph.nodes.first)
    #expect(node.name == "n" && node.inputs == ["x"] && node.outputs == ["y"] && node.domain == "")
    #expect(node.metadata == ["pkg.torch.onnx.name_scopes": "['', 'layer1']"])
    #expect(node.attributes.count == 8)
    guard case .value(.ints([1, 2, 3])) = node.attributes["pads"] else { throw Unexpected() }
    guard case .value(.float(0.25)) = node.attributes["alpha"] else { throw Unexpected() }
    guard case .value(.string("constant")) = node.attributes["mode"] else { throw Unexpected() }
    guard case .value(.int(-7)) = node.attributes["group"] else { throw Unexpected() }
    guard case .value(.floats([1.5, 2.5])) = node.attributes["scales"] else { throw Unexpected() }
    guard case .value(.strings(["a", "ß"])) = node.attributes["names"] else { throw Unexpected() }
    guard case .graph = node.attributes["body"] else { throw Unexpected() }
    guard case .value(.tensor(let value)) = node.attributes["value"] else { throw Unexpected() }
    #expect(value.array(of: Int64.self) == [-1, 5])
  }

  @Test func readsAFileAsItReadsMemory() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("m.onnx", Wire.sample)
    let model = try ONNXFile.read(at: path)
    #expect(model.graph.initializers["w"]?.array(of: Float.self) == [1, 2, -3, 0.5])
    #expect(model.graph.nodes.count == 2)
    // Larger than one window of the scan, with text across the border between two.
    let long = String(repeating: "äbc", count: 10_000)
    let large = Wire.model(Wire.graph(nodes: [Wire.node("Relu")]).text(2, long))
    #expect(try ONNXFile.read(at: folder.write("large.onnx", large.bytes)).graph.name == long)
  }

  @Test func readsTypes() throws {
    let float = WireMessage().message(1, WireMessage().number(1, 1))
    func type(_ type: WireMessage) throws -> ONNXType? {
      let value = WireMessage().text(1, "v").message(2, type)
      return try ONNXFile.read(bytes: Wire.model(Wire.graph().message(11, value)).bytes).graph.inputs.first?.type
    }
    #expect(try type(float) == .tensor(.float32, nil))
    #expect(try type(WireMessage().message(4, WireMessage().message(1, float))) == .sequence(.tensor(.float32, nil)))
    #expect(try type(WireMessage().message(9, WireMessage().message(1, float))) == .optional(.tensor(.float32, nil)))
    #expect(
      try type(WireMessage().message(5, WireMessage().number(1, 8).message(2, float)))
        == .map(key: .string, value: .tensor(.float32, nil)))
    #expect(try type(WireMessage().message(8, WireMessage().number(1, 11))) == .sparse(.float64, nil))
    #expect(try type(WireMessage().message(1, WireMessage().number(1, 8))) == .tensor(.string, nil))
    #expect(try type(WireMessage().message(1, WireMessage().number(1, 99))) == .unsupported("tensor of element type number 99"))
    #expect(try type(WireMessage().message(7, WireMessage())) == .unsupported("opaque"))
    #expect(try type(WireMessage()) == .unsupported("no type"))
    #expect(throws: ONNXFileError.self) { try type(float.message(7, WireMessage())) }
  }

  @Test func saysWhatIsWrong() throws {
    func sentence(_ model: WireMessage) -> String {
      do { _ = try ONNXFile.read(bytes: model.bytes) } catch { return "\(error.kind): \(error.sentence)" }
      return "read"
    }
    func sentence(attribute: WireMessage...) -> String { sentence(Wire.model(Wire.graph(nodes: [Wire.node("Conv", attribute)]))) }
    #expect(sentence(WireMessage()) == "malformed: This is not an ONNX model: it has no graph.")
    #expect(
      sentence(attribute: WireMessage().text(1, "a"))
        == "malformed: The attribute 'a' of node 0 ('n', Conv) does not say of which type it is.")
    // The first versions named no type; one filled field says it.
    #expect(sentence(attribute: WireMessage().text(1, "a").number(3, 1)) == "read")
    #expect(sentence(attribute: WireMessage().text(1, "a").number(3, 1).float(2, 1)).hasSuffix("does not say of which type it is."))
    #expect(
      sentence(attribute: Wire.attribute("a", type: 99)) == "malformed: The attribute 'a' of node 0 ('n', Conv) is of the unknown type 99.")
    #expect(
      sentence(attribute: Wire.attribute("a", type: 2), Wire.attribute("a", type: 2))
        == "malformed: The attribute 'a' of node 0 ('n', Conv) is given twice.")
    #expect(
      sentence(attribute: Wire.attribute("a", type: 4))
        == "malformed: The attribute 'a' of node 0 ('n', Conv) is to be a tensor, but has none.")
    #expect(sentence(Wire.model(Wire.graph(nodes: [Wire.node("")]))) == "malformed: Node 0 of the model names no operator.")
    #expect(sentence(Wire.model(Wire.graph().message(15, WireMessage()))).hasPrefix("malformed: The initializer '' is sparse, but has no values or no indices"))
    let scalar = Wire.tensor("w", type: 7, []).packed(7, [1])
    #expect(
      sentence(Wire.model(Wire.graph(initializers: [scalar, scalar]))) == "malformed: The model has two initializers with the name 'w'.")
    #expect(
      sentence(Wire.model(Wire.graph()).message(8, WireMessage().text(1, "ai.onnx").number(2, 18)))
        == "malformed: The model imports the operator set 'ai.onnx' twice.")
    #expect(
      sentence(Wire.model(Wire.graph().message(11, Wire.value("x", type: 1, [(1, "N")]))))
        == "malformed: The value 'x' has a dimension that is both a number and a symbol.")
  }

  @Test func tellsAMissingFileFromABadOne() throws {
    func kind(_ path: String, _ limits: ONNXLimits = ONNXLimits()) -> ONNXFileError.Kind? {
      do { _ = try ONNXFile.read(at: path, limits: limits) } catch { return error.kind }
      return nil
    }
    let folder = try TemporaryFolder()
    #expect(kind(folder.path + "/none.onnx") == .notFound)
    #expect(kind(folder.path) == .unreadable)
    #expect(kind(try folder.write("text.onnx", Array("hello".utf8))) == .malformed)
    #expect(kind(try folder.write("empty.onnx", [])) == .malformed)
    #expect(kind(try folder.makePipe("fifo.onnx")) == .unreadable)
    var limits = ONNXLimits()
    limits.fileByteCount = 10
    #expect(kind(try folder.write("m.onnx", Wire.sample), limits) == .tooLarge)
  }

  @Test func readsOneValue() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("t.pb", Wire.tensor("t", type: 6, [2]).packed(5, [3, -4]).bytes)
    #expect(try ONNXFile.readValue(at: path, as: .tensor(.int32, nil)).tensor?.array(of: Int32.self) == [3, -4])
    let text = try folder.write("s.pb", Wire.tensor("t", type: 8, [2]).text(6, "a").text(6, "ß").bytes)
    #expect(try ONNXFile.readValue(at: text, as: .tensor(.string, nil)).tensor?.texts == ["a", "ß"])
    let one = Wire.tensor("", type: 7, [1]).packed(7, [5])
    let sequence = try folder.write("q.pb", WireMessage().number(2, 1).message(3, one).message(3, one).bytes)
    guard case .sequence(let elements, let type) = try ONNXFile.readValue(at: sequence, as: .sequence(.tensor(.int64, nil))) else { throw Unexpected() }
    #expect(elements.compactMap { $0.tensor?.integers } == [[5], [5]] && type == ValueType(.int64, [1]))
    let none = try folder.write("o.pb", WireMessage().number(2, 0).bytes)
    guard case .optional(nil, _) = try ONNXFile.readValue(at: none, as: .optional(.tensor(.int64, nil))) else { throw Unexpected() }
    let some = try folder.write("p.pb", WireMessage().number(2, 1).message(3, one).bytes)
    guard case .optional(.tensor(let held)?, _) = try ONNXFile.readValue(at: some, as: .optional(.tensor(.int64, nil))) else { throw Unexpected() }
    #expect(held.integers == [5])
  }

  private struct Unexpected: Error {}
}
