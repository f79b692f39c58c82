import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

/// Cumulative sums and products.
@Suite struct CumulationTests {
  private static func node(_ name: String, _ exclusive: Int, _ reverse: Int) throws -> TestNode {
    try TestNode(name, opset: 26, ["exclusive": .int(exclusive), "reverse": .int(reverse)], operands: 2)
  }

  @Test(arguments: [0, 1], [0, 1]) func gradients(_ exclusive: Int, _ reverse: Int) throws {
    let sum = try Self.node("CumSum", exclusive, reverse), product = try Self.node("CumProd", exclusive, reverse)
    for (shape, axis) in [([4], 0), ([2, 3, 2], 1), ([2, 3], -1), ([1, 2], 0)] as [(Shape, Int64)] {
      try expectAdjoint(sum, [0: shape], constants: [1: Tensor(scalar: axis)])
      try expectDifferences(product, [randomTensor(shape, seed: 1), Tensor(scalar: axis)], wanted: [0])
    }
  }

  /// Σ of the cumulative products of 2, 0, 3, 4, differentiated by PyTorch 2.
  @Test func gradientsAtZero() throws {
    let axis = Tensor(scalar: Int32(0)), x = Tensor([2, 0, 3, 4.0])
    let run = try OperatorRun(try Self.node("CumProd", 0, 0), [x, axis], constants: [1])
    let gradients = try run.graph.gradients(
      of: run.results[0], seed: Tensor([1, 1, 1, 1.0]), withRespectTo: [try #require(run.operands[0])], for: run.inputs)
    #expect(gradients[0].doubles == [1, 32, 0, 0])
    for pair in [(0, 0), (1, 0), (0, 1), (1, 1)] {
      try expectDifferences(try Self.node("CumProd", pair.0, pair.1), [Tensor([2, 0, 3, 0, 4.0]), axis], wanted: [0])
    }
  }

  @Test func integersWrapAround() throws {
    let axis = Tensor(scalar: Int64(0))
    #expect(try Self.node("CumSum", 0, 0).result(Tensor([Int32.max, 1, 1]), axis).integers == [0x7fff_ffff, -0x8000_0000, -0x7fff_ffff])
    #expect(try Self.node("CumProd", 0, 1).result(Tensor([2, 1 << 31] as [UInt32]), axis).integers == [0, 1 << 31])
    #expect(try Self.node("CumSum", 1, 0).result(Tensor([Int64.max, 5]), axis).integers == [0, .max])
  }

  @Test func refusals() throws {
    let node = try Self.node("CumSum", 0, 0), x = randomTensor([2, 3], seed: 1)
    expectRefusal("axis 2 does not exist") { try node.folded([x, Tensor(scalar: Int64(2))]) }
    #expect(throws: GraphError.self) { try node.run([x, Tensor(scalar: Int64(-3))]) }
    expectRefusal("must be one integer") { try node.folded([x, Tensor([0, 1] as [Int64])]) }
    expectRefusal("must be one integer") { try node.folded([x, Tensor(scalar: 1.0)]) }
    expectRefusal("does not exist") { try node.folded([Tensor(scalar: 1.0), Tensor(scalar: Int64(0))]) }
    expectRefusal("truth values") { try node.types((.bool, [2]), (.int64, [])) }
    expectRefusal("must be 0 or 1") { try Self.node("CumProd", 2, 0) }
  }
}
