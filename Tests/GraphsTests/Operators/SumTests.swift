import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

/// Sums and means of any number of operands.
@Suite struct SumTests {
  @Test(arguments: ["Sum", "Mean"]) func gradients(_ name: String) throws {
    let shapes = [[2, 3], [3], [2, 1], []] as [Shape]
    let operands = shapes.enumerated().map { randomTensor($1, seed: UInt64($0)) }
    try expectDifferences(try TestNode(name, operands: 4), operands, wanted: [0, 1, 2, 3])
    try expectAdjoint(try TestNode(name, operands: 2), [0: [2, 3], 1: [1, 3]])
  }

  @Test func numbers() throws {
    let a = Tensor([1, 2, 6.0]), b = Tensor([3.0]), c = Tensor([0, 10.0], shape: [2, 1])
    #expect(try TestNode("Sum", operands: 3).result(a, b, c).doubles == [4, 5, 9, 14, 15, 19])
    #expect(try TestNode("Mean", operands: 2).result(a, b).doubles == [2, 2.5, 4.5])
    #expect(try TestNode("Mean", operands: 2).result(a, b, shapes: [.unknown, .unknown]).doubles == [2, 2.5, 4.5])
  }

  /// One operand is its own sum.
  @Test(arguments: ["Sum", "Mean"]) func leavesNoNode(_ name: String) throws {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float32, .unknown))
    #expect(try builder.add(try TestNode(name).op, x) == x)
  }

  @Test(arguments: ["Sum", "Mean", "Max", "Min"]) func noBroadcastingBeforeVersion8(_ name: String) throws {
    let node = try TestNode(name, opset: 6, operands: 2)
    expectRefusal("must have one shape") { try node.types((.float32, [2, 3]), (.float32, [3])) }
    #expect(try node.types((.float32, [2, nil]), (.float32, [nil, 3])) == [ValueType(.float32, [2, 3])])
    #expect(throws: GraphError.self) { try node.result(Tensor([1.0, 2]), Tensor([1.0]), shapes: [[nil], [nil]]) }
    _ = try TestNode(name, opset: 1, ["consumed_inputs": .ints([0])], operands: 2)
  }

  @Test func refusals() {
    expectRefusal("floating-point") { try TestNode("Sum").types((.int32, [2])) }
    expectRefusal("one element type") { try TestNode("Mean", operands: 2).types((.float32, [2]), (.float64, [2])) }
    expectRefusal("do not broadcast") { try TestNode("Sum", operands: 2).types((.float32, [2]), (.float32, [3])) }
  }
}
