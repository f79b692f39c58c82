import CarpusGraphs
import CarpusTensors
import Testing

@Suite struct GraphBuilderTests {
  @Test func constantsAreFolded() throws {
    var builder = GraphBuilder()
    let sum = try builder.add(Add(), builder.constant(Tensor([1, 2] as [Float])), builder.constant(Tensor([10] as [Float])))
    #expect(builder.constant(sum)?.doubles == [11, 12])
    #expect(builder.finished(outputs: [NamedValue(name: "sum", value: sum)]).nodes.isEmpty)
  }

  @Test func shapesAreKnownWithoutElements() throws {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float32, [2, 3]))
    var reader = NodeReader(opset: 17, operandCount: 1)
    let shape = try builder.add(ShapeOf(&reader), x)
    #expect(builder.constant(shape)?.integers == [2, 3])
  }

  @Test func anUnknownExtentStaysUnknown() throws {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float32, [nil, 3]))
    var reader = NodeReader(opset: 17, operandCount: 1)
    let shape = try builder.add(ShapeOf(&reader), x)
    #expect(builder.constant(shape) == nil)
    #expect(builder.type(of: shape) == ValueType(.int64, [2]))
  }

  @Test func aReshapeToTheSameShapeVanishes() throws {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float32, [2, 3]))
    #expect(try builder.add(Reshape(to: [2, 3]), x) == x)
    #expect(try builder.add(Reshape(to: [3, 2]), x) != x)
  }

  @Test func illTypedNodesAreRefused() throws {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float32, [2, 3])), y = builder.input("y", ValueType(.float32, [2, 4]))
    let i = builder.input("i", ValueType(.int64, [2, 3]))
    #expect(throws: OperatorError.self) { try builder.add(Add(), x, y) }
    #expect(throws: OperatorError.self) { try builder.add(Add(), x, i) }
    #expect(throws: OperatorError.self) { try builder.add(Add(), x) }
  }

  @Test func aMisspeltNameIsAnsweredWithTheNearest() throws {
    var builder = GraphBuilder()
    let x = builder.input("radiograph", ValueType(.float32, [2]))
    let graph = builder.finished(outputs: [NamedValue(name: "score", value: x)])
    let error = #expect(throws: GraphError.self) { try graph.value(named: "radiogaph") }
    #expect(error?.description.contains("'radiograph'") == true)
  }
}
