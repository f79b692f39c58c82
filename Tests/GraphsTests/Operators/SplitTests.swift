import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct SplitTests {
  @Test(arguments: try OperatorCase.load("Split")) func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test(arguments: try OperatorCase.load("Split", from: "Gradients")) func gradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase)
  }

  /// One result alone has a seed, the others get zeros, also the part that the node does not name.
  @Test func gradientOfSingleParts() throws {
    try expectAdjoint(try TestNode("Split", ["axis": .int(-1)], results: 2), [0: [2, 6]], constants: [1: indices(1, 3, 2)])
    try expectAdjoint(try TestNode("Split", ["num_outputs": .int(3)], results: 3), [0: [7, 2]])
  }

  /// In version 1 the sizes are numbers of the type of `X`.
  @Test func realSizes() throws {
    let node = try TestNode("Split", opset: 1, ["axis": .int(0)], results: 2)
    let parts = try node.run([Tensor([1, 2, 3] as [Float]), Tensor([2, 1] as [Float])])
    #expect(parts.map { $0.tensor?.doubles } == [[1, 2], [3]])
  }

  @Test func refusals() throws {
    let node = try TestNode("Split", results: 2)
    expectRefusal("do not add up") { try node.folded([zeros(5), indices(2, 2)]) }
    expectRefusal("-1 is not the size") { try node.folded([zeros(5), indices(6, -1)]) }
    expectRefusal("is not the size") { try node.folded([zeros(5), indices(.max, .max)]) }
    expectRefusal("too few") { try node.folded([zeros(5), indices(5)]) }
    expectRefusal("equal parts") { try node.folded([zeros(5)]) }
    expectRefusal("axis 0 does not exist") { try node.folded([Tensor(scalar: Float(1))]) }
    expectRefusal("do not add up") { try node.run([zeros(5), indices(2, 2)]) }
    expectRefusal("only the last is smaller") {
      _ = try TestNode("Split", ["num_outputs": .int(4)], results: 4).folded([zeros(5)])
    }
    expectRefusal("num_outputs") { try TestNode("Split", ["num_outputs": .int(1)], results: 4) }
    expectRefusal("only the last is smaller") {
      _ = try TestNode("Split", ["num_outputs": .int(.max)], results: 4).folded([zeros(5)])
    }
  }
}
