import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct PowTests {
  @Test(arguments: try OperatorCase.load("Pow"))
  func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test(arguments: try OperatorCase.load("Pow", from: "Gradients")) func gradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase)
  }

  @Test func typesMayDiffer() throws {
    let node = try TestNode("Pow")
    #expect(try node.types((.int32, [2, 1]), (.float64, [3])) == [ValueType(.int32, [2, 3])])
    #expect(throws: OperatorError.self) { try node.types((.bool, [2]), (.int64, [])) }
    #expect(throws: OperatorError.self) { try node.types((.float32, [2]), (.float32, [3])) }
    #expect(throws: GraphError.self) {
      try node.result(Tensor([1, 2, 3] as [Int64]), Tensor([1, 2] as [Int64]), shapes: [[3], [nil]])
    }
  }

  @Test func integersToNegativePowers() throws {
    let node = try TestNode("Pow")
    let bases = Tensor([1, -1, -1, 2, -7] as [Int64])
    #expect(try node.result(bases, Tensor([-3, -3, -4, -1, -2] as [Int64])).integers == [1, -1, 1, 0, 0])
    #expect(throws: GraphError.self) { try node.result(Tensor([0] as [Int64]), Tensor([-1] as [Int64])) }
  }

  @Test func integersWrapAround() throws {
    #expect(try TestNode("Pow").result(Tensor([3] as [UInt8]), Tensor([6] as [Int64])).integers == [729 % 256])
    let powers = try TestNode("Pow").result(Tensor([2, 3] as [Int64]), Tensor([Int64.max, 40] as [Int64]))
    #expect(powers.integers == [0, -6_289_078_614_652_622_815])
  }

  /// ∂E = Xᴱ ln X, but 0 where X = 0 and E ≥ 0; ∂X = 0 where E = 0, also at X = 0.
  @Test func gradientsAtZero() throws {
    let gradients = try TestNode("Pow").gradients(Tensor([0.0, 0.0, 2.0]), Tensor([2.0, 0.0, 3.0]), seed: Tensor([1.0, 1.0, 1.0]))
    #expect(isClose(gradients[0], [0, 0, 12]))
    #expect(isClose(gradients[1], [0, 0, 8 * 0.693147180559945309]))
  }
}
