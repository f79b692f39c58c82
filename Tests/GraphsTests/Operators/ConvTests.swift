import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct ConvTests {
  @Test(arguments: try OperatorCase.load("Conv")) func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test(arguments: try OperatorCase.load("Conv", from: "Gradients")) func gradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase)
  }

  @Test func unknownExtentsStayUnknown() throws {
    let node = try TestNode("Conv", ["strides": .ints([2, 1])])
    #expect(try node.types((.float32, [nil, 3, nil, 10]), (.float32, [4, 3, 3, 3])) == [ValueType(.float32, [nil, 4, nil, 8])])
    #expect(try node.types((.float32, .unknown), (.float32, .unknown)) == [ValueType(.float32, .unknown)])
  }

  /// Small integers, so that float16 holds the weights, the operands and the results exactly: Σ over the window by hand.
  @Test func halfPrecision() throws {
    let x = Tensor((1...9).map { Float16($0) }, shape: [1, 1, 3, 3])
    let weights = Tensor([1, 2, 3, 4] as [Float16], shape: [1, 1, 2, 2]), bias = Tensor([0.5] as [Float16])
    let run = try OperatorRun(try TestNode("Conv"), [x, weights, bias], constants: [1, 2])
    let y = try #require(try run.evaluated()[0].tensor)
    #expect(y.elementType == .float16)
    // 1·1 + 2·2 + 3·4 + 4·5 = 37, and each step to the right adds 1 + 2 + 3 + 4, each step down thrice that.
    #expect(y.doubles == [37.5, 47.5, 67.5, 77.5])
    let seed = Tensor([1, 0, 0, 10] as [Float16], shape: [1, 1, 2, 2])
    let variable = try #require(run.operands[0])
    let gradient = try run.graph.gradients(of: run.results[0], seed: seed, withRespectTo: [variable], for: run.inputs)[0]
    #expect(gradient.elementType == .float16)
    #expect(gradient.doubles == [1, 2, 0, 3, 14, 20, 0, 30, 40])
  }

  @Test func halfPrecisionBeforeAnActivation() throws {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float16, [1, 1, 1, 3]))
    let weights = builder.constant(Tensor([1, -1] as [Float16], shape: [1, 1, 1, 2]))
    let y = try builder.add(try TestNode("Relu").op, try builder.add(try TestNode("Conv").op, x, weights))
    let plan = try Plan(builder.finished(outputs: [NamedValue(name: "y", value: y)]))
    #expect(plan.graph.nodes.map(\.operatorName) == ["carpus.FusedConv"])
    let result = try Workspace(plan).run(["x": Tensor([5, 2, 4] as [Float16], shape: [1, 1, 1, 3])])[0].tensor
    #expect(result?.array(of: Float16.self) == [3, 0])
  }

  @Test func refusals() throws {
    let node = try TestNode("Conv"), x = zeros(1, 4, 5, 5)
    expectRefusal("X has 4 channels, W takes 3 in each of 1 groups") { try node.folded([x, zeros(2, 3, 3, 3)]) }
    expectRefusal("X has 4 channels, W takes 4 in each of 2 groups") {
      try TestNode("Conv", ["group": .int(2)]).folded([x, zeros(2, 4, 3, 3)])
    }
    expectRefusal("3 output channels cannot be shared among 2 groups") {
      try TestNode("Conv", ["group": .int(2)]).folded([x, zeros(3, 2, 3, 3)])
    }
    expectRefusal("channels, W takes") { try TestNode("Conv", ["group": .int(.max)]).folded([x, zeros(2, 4, 3, 3)]) }
    expectRefusal("of the same rank") { try node.folded([x, zeros(2, 4, 3)]) }
    expectRefusal("of the same rank") { try node.folded([zeros(1, 4), zeros(2, 4)]) }
    expectRefusal("one, two or three spatial axes") { try node.folded([zeros(1, 1, 1, 1, 1, 1), zeros(1, 1, 1, 1, 1, 1)]) }
    expectRefusal("B must have 2 elements, not the shape 3") { try node.folded([x, zeros(2, 4, 3, 3), zeros(3)]) }
    expectRefusal("B must have 2 elements, not the shape 2×1") { try node.folded([x, zeros(2, 4, 3, 3), zeros(2, 1)]) }
    expectRefusal("does not fit into 5") { try node.folded([x, zeros(2, 4, 6, 3)]) }
    expectRefusal("does not fit into 5") { try TestNode("Conv", ["dilations": .ints([1, 3])]).folded([x, zeros(2, 4, 3, 3)]) }
    expectRefusal("kernel_shape is [3, 3], the weights have 3×2") {
      try TestNode("Conv", ["kernel_shape": .ints([3, 3])]).folded([x, zeros(2, 4, 3, 2)])
    }
    expectRefusal("do not fit 2 spatial axes") { try node.folded([x, zeros(2, 4, 0, 3)]) }
    expectRefusal("operand 1 has elements of type float64, X of float32") {
      try node.folded([x, Tensor(zeros: .float64, shape: [2, 4, 3, 3])])
    }
    expectRefusal("operand 2 has elements of type float64, X of float32") {
      try node.folded([x, zeros(2, 4, 3, 3), Tensor(zeros: .float64, shape: [2])])
    }
    expectRefusal("floating-point elements, not int32") { try node.folded([Tensor(zeros: .int32, shape: [1, 1, 2, 2]), zeros(1, 1, 1, 1)]) }
    expectRefusal("output channels cannot be shared") { try node.folded([x, zeros(0, 4, 3, 3)]) }
    expectRefusal("group must be positive, not 0") { try TestNode("Conv", ["group": .int(0)]) }
  }

  /// The weights are no longer what was promised when the graph was built.
  @Test func refusalsInTheRun() throws {
    let node = try TestNode("Conv")
    expectRefusal("X has 4 channels, W takes 3") { try node.run([zeros(1, 4, 5, 5), zeros(2, 3, 3, 3)], extentsAreKnown: false) }
    expectRefusal("does not fit into 5") { try node.run([zeros(1, 4, 5, 5), zeros(2, 4, 7, 3)], extentsAreKnown: false) }
    expectRefusal("B must have 2") { try node.run([zeros(1, 4, 5, 5), zeros(2, 4, 3, 3), zeros(4)], extentsAreKnown: false) }
  }

  static let parameters: [([String: AttributeValue], Shape, Shape)] = [
    (["strides": .ints([2, 1]), "pads": .ints([1, 0, 0, 1])], [2, 2, 5, 4], [3, 2, 3, 2]),
    (["group": .int(2), "dilations": .ints([2])], [1, 4, 6], [2, 2, 3]),
    (["group": .int(3)], [2, 3, 3, 3], [6, 1, 2, 2]),
    (["auto_pad": .string("SAME_LOWER"), "strides": .ints([2, 1, 2])], [1, 1, 3, 2, 2], [2, 1, 2, 2, 3]),
  ]

  @Test(arguments: parameters) func gradientsOfParameters(_ attributes: [String: AttributeValue], _ x: Shape, _ w: Shape) throws {
    let operands = [randomTensor(x, seed: 1), randomTensor(w, seed: 2), randomTensor([w[0]], seed: 3)]
    try expectDifferences(try TestNode("Conv", attributes), operands, wanted: [0, 1, 2], step: 1e-4)
  }
}
