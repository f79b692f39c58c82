import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

/// Operators on two operands before version 7.
@Suite struct LimitedBroadcastTests {
  private static func node(_ name: String, axis: Int? = nil, broadcast: Int = 1, opset: Int = 6) throws -> TestNode {
    var attributes: [String: AttributeValue] = ["broadcast": .int(broadcast)]
    attributes["axis"] = axis.map { .int($0) }
    return try TestNode(name, opset: opset, attributes, operands: 2)
  }

  /// The examples of the standard: B is repeated so that it has the shape of A.
  @Test(arguments: [
    ([], nil, []), ([1, 1], nil, [1, 1]), ([5], nil, [5]), ([4, 5], nil, [4, 5]), ([3, 4], 1, [3, 4, 1]), ([2], 0, [2, 1, 1, 1]),
    ([3, 4], -3, [3, 4, 1]), ([3, 1], 1, [3, 1, 1]),
  ] as [(Shape, Int?, Shape)])
  func alignment(_ shape: Shape, _ axis: Int?, _ aligned: Shape) throws {
    let a = randomTensor([2, 3, 4, 5], seed: 1), b = randomTensor(shape, seed: 2)
    let old = try Self.node("Sub", axis: axis)
    let expected = try TestNode("Sub").result(a, b.reshaped(aligned)).doubles
    #expect(try old.result(a, b).doubles == expected)
    #expect(try old.result(a, b, shapes: [.unknown, .unknown]).doubles == expected)
    #expect(try old.result(a, b, shapes: [.unknown(rank: 4), .unknown(rank: shape.rank)]).doubles == expected)
    #expect(try old.result(a, b, shapes: [[2, 3, 4, 5], .unknown(rank: shape.rank)]).doubles == expected)
  }

  @Test(arguments: ["Add", "Sub", "Mul", "Div"]) func gradients(_ name: String) throws {
    for (shape, axis) in [([3], 1), ([3, 2], nil), ([], nil), ([1, 1, 1], nil)] as [(Shape, Int?)] {
      let b = randomTensor(shape, seed: 2).doubles.map { $0 + 2 }
      try expectDifferences(try Self.node(name, axis: axis), [randomTensor([2, 3, 2], seed: 1), Tensor(b, shape: shape)], wanted: [0, 1])
    }
  }

  @Test func gradientsOfPowers() throws {
    let x = Tensor(randomTensor([2, 3, 2], seed: 1).doubles.map { $0 + 1.5 }, shape: [2, 3, 2])
    try expectDifferences(try Self.node("Pow", axis: 1), [x, randomTensor([3], seed: 2)], wanted: [0, 1])
  }

  @Test func truthValues() throws {
    let a = Tensor([true, true, false, false], shape: [2, 2]), b = Tensor([true, false])
    #expect(try Self.node("And", axis: 0).result(a, b).array(of: Bool.self) == [true, true, false, false])
    #expect(try Self.node("Or").result(a, b).array(of: Bool.self) == [true, true, true, false])
    #expect(try Self.node("Xor", axis: 0).result(a, b).array(of: Bool.self) == [false, false, false, false])
    let x = Tensor([1, 2, 3, 4] as [Int32], shape: [2, 2]), y = Tensor([1, 3] as [Int32])
    #expect(try Self.node("Equal", axis: 0).result(x, y).array(of: Bool.self) == [true, false, true, false])
    #expect(try Self.node("Less").result(x, y).array(of: Bool.self) == [false, true, false, false])
    #expect(try Self.node("Greater", axis: 0).result(x, y).array(of: Bool.self) == [false, true, false, true])
  }

  /// Where the shapes are known the current operator takes the place of the old one, so that a convolution can take it in.
  @Test func becomesTheCurrentVersion() throws {
    let operands = [randomTensor([2, 3], seed: 1), randomTensor([3], seed: 2)]
    let early = try OperatorRun(Self.node("Add"), operands), late = try OperatorRun(Self.node("Add"), operands, shapes: [[nil, nil], [nil]])
    #expect(early.graph.nodes.count == 1 && early.graph.nodes[0].operator is Add)
    #expect(late.graph.nodes.count == 1 && late.graph.nodes[0].operator is LimitedBroadcast<Add>)
  }

  @Test func refusals() throws {
    expectRefusal("attribute broadcast is 0") { try Self.node("Add", broadcast: 0).types((.float32, [2, 3]), (.float32, [3])) }
    expectRefusal("does not fit") { try Self.node("Add").types((.float32, [2, 3]), (.float32, [2])) }
    expectRefusal("does not fit") { try Self.node("Add", axis: 1).types((.float32, [2, 3]), (.float32, [3, 2])) }
    expectRefusal("does not fit") { try Self.node("Add").types((.float32, [3]), (.float32, [2, 3])) }
    expectRefusal("axis 2 does not exist") { try Self.node("Add", axis: 2).types((.float32, [2, 3]), (.float32, [3])) }
    expectRefusal("must be 0 or 1") { try Self.node("Add", broadcast: 2) }
    #expect(throws: GraphError.self) { try Self.node("Add").result(Tensor([1.0]), Tensor([1.0, 2]), shapes: [.unknown, .unknown]) }
    #expect(OperatorCatalog.type(domain: "", name: "Add", opset: 7) == Add.self)
    _ = try TestNode("Mul", opset: 1, ["consumed_inputs": .ints([1])], operands: 2)
  }
}
