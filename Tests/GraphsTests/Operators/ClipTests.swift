import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct ClipTests {
  @Test(arguments: try OperatorCase.load("Clip"))
  func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  /// Elements on a bound are where the function bends.
  @Test(arguments: try OperatorCase.load("Clip", from: "Gradients")) func gradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase, differences: ["inside and outside", "no bounds", "min above max"].contains(operatorCase.name))
  }

  /// ∂X = ∂Y between the bounds alone, also where they are computed in the run.
  @Test func gradientWithBoundsFromTheRun() throws {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float32, [4] as Shape)), low = builder.input("low", ValueType(.float32, [] as Shape))
    let y = try builder.add(TestNode("Clip", operands: 2).op, x, low)
    let graph = builder.finished(outputs: [NamedValue(name: "y", value: y)])
    let seed = Tensor([1, 2, 3, 4] as [Float])
    let inputs = ["x": Tensor([-1, 0.5, 0.75, 2] as [Float]), "low": Tensor(scalar: 0.5 as Float)]
    #expect(try graph.gradients(of: y, seed: seed, withRespectTo: [x], for: inputs)[0].doubles == [0, 0, 3, 4])
    #expect(try graph.gradients(of: y, seed: seed, withRespectTo: [low], for: inputs)[0].doubles == [1])
  }

  /// As `torch.clamp` with tensors for bounds.
  @Test func gradientsOfBounds() throws {
    let node = try TestNode("Clip", operands: 3), x = Tensor([-1, -0.5, 0, 0.5, 1]), seed = Tensor([1, 2, 4, 8, 16.0])
    let half = Tensor(scalar: 0.5), minus = Tensor([-0.5])
    #expect(try node.gradients(x, minus, half, seed: seed) == [[0, 0, 4, 0, 0], [1], [16]])
    #expect(try node.gradients(x, half, minus, seed: seed) == [[0, 0, 0, 0, 0], [0], [31]])
    try expectDifferences(node, [randomTensor([3, 4], seed: 1), Tensor(scalar: -0.3), Tensor(scalar: 0.4)], wanted: [0, 1, 2])
    try expectDifferences(node, [randomTensor([3, 4], seed: 1), nil, Tensor([0.4])], wanted: [0, 2])
  }

  @Test func integersOfAllTypes() throws {
    let node = try TestNode("Clip", operands: 3)
    let bytes = try node.result(Tensor([0, 100, 255] as [UInt8]), Tensor(scalar: 7 as UInt8), Tensor(scalar: 200 as UInt8))
    #expect(bytes.integers == [7, 100, 200])
    #expect(try node.result(Tensor([Int64.min, Int64.max]), nil, Tensor(scalar: Int64.max - 1)).integers == [Int.min, Int.max - 1])
  }

  @Test func refusesWhatIsNoBound() throws {
    let node = try TestNode("Clip", operands: 2)
    #expect(throws: OperatorError.self) { try node.types((.float32, [2]), (.float64, [])) }
    #expect(throws: OperatorError.self) { try node.types((.float32, [2]), (.float32, [2])) }
    #expect(throws: OperatorError.self) { try node.types((.bool, [2])) }
    #expect(throws: GraphError.self) {
      try node.result(Tensor([1, 2] as [Int64]), Tensor([] as [Int64]), shapes: [[2], .unknown])
    }
    #expect(throws: GraphError.self) {
      try node.result(Tensor([1, 2] as [Float]), Tensor([1, 2] as [Float]), shapes: [[2], .unknown])
    }
    #expect(throws: OperatorError.self) { try TestNode("Clip", opset: 10, operands: 2) }
  }
}
