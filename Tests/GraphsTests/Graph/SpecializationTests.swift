import CarpusGraphs
import CarpusTensors
import Testing

@Suite struct SpecializationTests {
  @Test func shapeArithmeticFoldsAway() throws {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float32, [nil, 2]))
    var reader = NodeReader(opset: 17, operandCount: 1)
    let shape = try builder.add(ShapeOf(&reader), x)
    var reshape = NodeReader(opset: 17, operandCount: 2)
    let y = try builder.add(Reshape(&reshape), try builder.add(Add(), x, x), shape)
    let graph = builder.finished(outputs: [NamedValue(name: "y", value: y)])
    #expect(graph.nodes.count == 3)
    let special = try graph.specialized(to: ["x": TensorType(.float32, [4, 2])])
    #expect(special.nodes.map { $0.operatorName } == ["Add"])
    #expect(special.type(of: special.outputs[0].value) == ValueType(.float32, [4, 2]))
  }

  @Test func aShapeThatDoesNotFitIsRefused() throws {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float32, [nil, 2]))
    let graph = builder.finished(outputs: [NamedValue(name: "y", value: x)])
    #expect(throws: GraphError.self) { try graph.specialized(to: ["x": TensorType(.float32, [4, 3])]) }
    #expect(throws: GraphError.self) { try graph.specialized(to: ["x": TensorType(.float64, [4, 2])]) }
  }

  @Test func aPartCanBeCutOut() throws {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float32, [2]))
    let double = try builder.add(Add(), x, x)
    let quadruple = try builder.add(Add(), double, double)
    let graph = builder.finished(outputs: [NamedValue(name: "y", value: quadruple)])
    let tail = try graph.extracting(graph.outputs, replacing: [NamedValue(name: "middle", value: double)])
    #expect(tail.nodes.count == 1)
    #expect(tail.inputs.map(\.name) == ["middle"])
    let result = try Workspace(try Plan(tail)).run(["middle": Tensor([3, 5] as [Float])])
    #expect(result[0].tensor?.doubles == [6, 10])
  }
}
