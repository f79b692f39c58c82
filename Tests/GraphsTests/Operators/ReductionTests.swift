import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

/// Reductions that no network of the reference cases uses; by hand.
@Suite struct ReductionTests {
  private static let x = Tensor([1, -2, 3, -4, 5, -6.0], shape: [2, 3])

  @Test(arguments: [
    ("ReduceSum", [2, -5]), ("ReduceMax", [3, 5]), ("ReduceMin", [-2, -6]), ("ReduceProd", [-6, 120]), ("ReduceL1", [6, 15]),
    ("ReduceSumSquare", [14, 77]),
  ] as [(String, [Double])])
  func numbers(_ name: String, _ expected: [Double]) throws {
    let node = try TestNode(name, opset: 11, ["axes": .ints([1]), "keepdims": .int(0)])
    #expect(try node.result(Self.x).doubles == expected)
    let integers = Tensor(Self.x.doubles.map { Int32($0) }, shape: [2, 3])
    #expect(try node.result(integers).integers == expected.map { Int($0) })
    let signed = Tensor(Self.x.doubles.map { Int64($0) }, shape: [3, 2]).reshaped([2, 3, 1])
    #expect(try node.result(signed).integers == expected.map { Int($0) })
  }

  /// Axes that are no neighbours: x[i][j][k] = 4i + 2j + k, reduced over i and k.
  @Test func separatedAxes() throws {
    let node = try TestNode("ReduceSum", opset: 11, ["axes": .ints([2, 0]), "keepdims": .int(1)])
    let y = try node.result(Tensor((0..<8).map { Int64($0) }, shape: [2, 2, 2]))
    #expect(y.shape == [1, 2, 1] && y.integers == [0 + 1 + 4 + 5, 2 + 3 + 6 + 7])
  }

  @Test func wrappingAround() throws {
    let y = try TestNode("ReduceL1", opset: 11).result(Tensor([Int64.min, 0]))
    #expect(y.integers == [.min])
  }

  @Test(arguments: ["ReduceSum", "ReduceMax", "ReduceMin", "ReduceL1", "ReduceSumSquare"], [[1], [0, 2], []])
  func gradients(_ name: String, _ axes: [Int]) throws {
    try expectDifferences(
      try TestNode(name, opset: 11, ["axes": .ints(axes), "keepdims": .int(0)]), [randomTensor([2, 3, 2], seed: 1)], wanted: [0])
  }

  /// As PyTorch's `amax`.
  @Test func equalsShareTheGradient() throws {
    let node = try TestNode("ReduceMax", ["keepdims": .int(0)])
    #expect(try node.gradients(Tensor([7.0, 1, 7, 7]), seed: Tensor(scalar: 3.0)) == [[1, 0, 1, 1]])
  }

  @Test func refusals() {
    expectRefusal("Euclidean norm") { try TestNode("ReduceL2").folded([Tensor([1, 2] as [Int32])]) }
    expectRefusal("must be 0 or 1") { try TestNode("ReduceMax", ["keepdims": .int(2)]).folded([Self.x]) }
    #expect(throws: GraphError.self) { try expectDifferences(try TestNode("ReduceProd"), [Self.x], wanted: [0]) }
  }
}
