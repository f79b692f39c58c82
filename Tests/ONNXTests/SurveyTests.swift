import CarpusGraphs
import CarpusONNX
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct SurveyTests {
  private let two = [(2, nil)] as [(Int?, String?)]

  private func document(_ nodes: [WireMessage], initializers: [WireMessage] = [], input: [(Int?, String?)] = [(2, nil)]) throws -> ONNXDocument {
    let graph = Wire.graph(initializers: initializers, nodes: nodes).message(11, Wire.value("x", type: 1, input)).message(12, Wire.value("y", type: 1, input))
    return ONNXDocument(try ONNXFile.read(bytes: Wire.model(graph).bytes))
  }

  private func scope(_ name: String, _ metadata: [(String, String)] = []) throws -> ModuleScope? {
    let document = try document([Wire.node("Relu", name: name, from: ["x"], to: ["y"], metadata: metadata)])
    return try document.graph().nodes[0].scope
  }

  @Test func modulesOfPyTorchsPaths() throws {
    #expect(try scope("/layer4/layer4.1/conv2/Conv")?.modules.map(\.name) == ["layer4", "layer4.1", "layer4.1.conv2"])
    #expect(try scope("/features/features.0/features.0.2/Relu_1")?.name == "features.0.2")
    #expect(try scope("/encoder/layers/encoder_layer_0/self_attention/MatMul")?.name == "encoder.layers.encoder_layer_0.self_attention")
    #expect(try scope("/Relu")?.modules == [])
    #expect(try scope("Relu_0") == nil)
  }

  @Test func modulesOfPyTorchsMetadata() throws {
    let names = "['', 'layer1', 'layer1.0', 'layer1.0.bn1', '_native_batch_norm_1']"
    let classes = "['torchvision.models.resnet.ResNet', 'torch.nn.modules.container.Sequential', 'torchvision.models.resnet.BasicBlock', "
      + "'torch.nn.modules.batchnorm.BatchNorm2d', 'aten._native_batch_norm.default']"
    let scope = try scope("node_Conv_1", [("pkg.torch.onnx.name_scopes", names), ("pkg.torch.onnx.class_hierarchy", classes)])
    #expect(scope?.modules.map(\.name) == ["layer1", "layer1.0", "layer1.0.bn1"])
    #expect(scope?.modules.map(\.typeName) == ["Sequential", "BasicBlock", "BatchNorm2d"])
    let bare = try self.scope("n", [("pkg.torch.onnx.name_scopes", names)])
    #expect(bare?.name == "layer1.0.bn1" && bare?.modules.last?.typeName == "")
    let old = try self.scope("n", [("namespace", ": torchvision.models.resnet.ResNet/fc: torch.nn.modules.linear.Linear/linear: aten.linear.default")])
    #expect(old?.modules == [ModuleScope.Module(name: "fc", typeName: "Linear")])
    #expect(try self.scope("n", [("pkg.torch.onnx.name_scopes", "nonsense")]) == nil)
  }

  @Test func modulesStayWhenTheGraphChanges() throws {
    let document = try document([Wire.node("Relu", name: "/a/Relu", from: ["x"], to: ["y"])], input: [(nil, "N")])
    let graph = try document.graph().specialized(to: ["x": TensorType(.float32, [5])])
    #expect(graph.nodes[0].scope?.name == "a")
    #expect(try graph.extracting(graph.outputs).nodes[0].scope?.name == "a")
  }

  @Test func parametersAreCountedWhereverTheyStand() throws {
    let body = Wire.graph(initializers: [Wire.floats("b", [3], [1, 2, 3])], nodes: [Wire.node("Add", name: "", from: ["x", "b"], to: ["z"])])
      .message(12, Wire.value("z", type: 1, two))
    let branches = ["then_branch", "else_branch"].map { Wire.attribute($0, type: 5).message(6, body) }
    let value = Wire.floats("v", [2, 2], [1, 2, 3, 4])
    let survey = try document(
      [
        Wire.node("Constant", name: "", from: [], to: ["c"], [Wire.attribute("value", type: 4).message(5, value)]),
        Wire.node("Constant", name: "", from: [], to: ["e"], [Wire.attribute("value_float", type: 1).float(2, 1)]),
        Wire.node("If", name: "", from: ["flag"], to: ["y"], branches),
      ],
      initializers: [
        Wire.floats("w", [2], [1, 2]), Wire.tensor("s", type: 7, [2]).packed(7, [1, 2]), Wire.tensor("q", type: 3, [5]).packed(5, [1, 2, 3, 4, 5]),
        Wire.tensor("flag", type: 9, []).packed(5, [1]), Wire.tensor("h", type: 10, [7]).packed(5, [0, 0, 0, 0, 0, 0, 0]),
      ]
    ).survey
    // float32: w 2, v 4, b 3 in each branch; int8 5; float16 7. Shapes, truth values and single numbers are no parameters.
    let counts = Dictionary(uniqueKeysWithValues: survey.parameters.map { ($0.elementType, $0.count) })
    #expect(counts == [.float32: 12, .int8: 5, .float16: 7])
    #expect(survey.parameterCount == 24 && survey.parameterByteCount == 48 + 5 + 14)
    #expect(survey.parameters.map(\.elementType) == [.float32, .float16, .int8])
    #expect(survey.remarks.contains { $0.contains("7 weights are of half precision (float16)") })
    #expect(survey.remarks.contains { $0.contains("4 initializers that nobody reads ('w', 's', 'q', …)") })
  }

  @Test func remarks() throws {
    let flag = Wire.attribute("training_mode", type: 2).number(3, 1)
    let survey = try document(
      [
        Wire.node("BatchNormalization", name: "bn", from: ["x", "s", "s", "s", "s"], to: ["z"], [flag]),
        Wire.node("QuantizeLinear", name: "q", from: ["z", "s"], to: ["p"]), Wire.node("Relu", name: "r", from: ["z"], to: ["y"]),
      ],
      initializers: [Wire.floats("s", [2], [1, 1])], input: [(nil, "batch"), (2, nil), (nil, nil)]
    ).survey
    #expect(survey.remarks.contains("1 node in training mode ('bn'): the outputs depend on the batch or on chance"))
    #expect(survey.remarks.contains("the shape of 'x' [batch, 2, ?] is open"))
    #expect(survey.remarks.contains("the network is quantised: QuantizeLinear 1"))
    #expect(survey.warnings.isEmpty)
    #expect(try document([Wire.node("Relu", name: "r", from: ["x"], to: ["y"])]).survey.remarks.isEmpty)
  }

  @Test func aFileWithoutOperatorSets() throws {
    let graph = Wire.graph(nodes: [Wire.node("Relu")]).message(11, Wire.value("x", type: 1, two)).message(12, Wire.value("y", type: 1, two))
    for version in [1, 7] {
      let survey = ONNXDocument(try ONNXFile.read(bytes: WireMessage().number(1, version).message(7, graph).bytes)).survey
      #expect(survey.opset == 1 && survey.warnings.count == 1 && survey.warnings[0].hasPrefix("the file imports no operator set; version 1 is assumed"))
    }
  }
}
