import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct GemmTests {
  @Test(arguments: try OperatorCase.load("Gemm")) func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test(arguments: try OperatorCase.load("Gemm", from: "Gradients")) func referenceGradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase)
  }

  @Test(arguments: [false, true], [false, true])
  func gradients(_ transA: Bool, _ transB: Bool) throws {
    let attributes: [String: AttributeValue] = [
      "alpha": .float(0.5), "beta": .float(-2), "transA": .int(transA ? 1 : 0), "transB": .int(transB ? 1 : 0),
    ]
    let node = try TestNode("Gemm", attributes)
    let a = randomTensor(transA ? [3, 2] : [2, 3], seed: 1), b = randomTensor(transB ? [4, 3] : [3, 4], seed: 2)
    for c in [[4], [2, 1], [], [2, 4]] as [Shape] { try expectDifferences(node, [a, b, randomTensor(c, seed: 3)], wanted: [0, 1, 2]) }
    try expectDifferences(node, [a, b], wanted: [0, 1])
  }

  @Test func refusals() {
    let a = randomTensor([2, 3], seed: 1)
    expectRefusal("3 columns, 2 rows") { try TestNode("Gemm").folded([a, randomTensor([2, 3], seed: 2)]) }
    expectRefusal("must be a matrix") { try TestNode("Gemm").folded([randomTensor([2, 3, 1], seed: 1), a]) }
    expectRefusal("broadcast") { try TestNode("Gemm").folded([a, randomTensor([3, 1], seed: 2), randomTensor([2, 5], seed: 3)]) }
    expectRefusal("must be 0 or 1") { try TestNode("Gemm", ["transA": .int(2)]).folded([a, a]) }
  }

  @Test func broadcastAttributeOfOldVersions() throws {
    let node = try TestNode("Gemm", opset: 6, ["broadcast": .int(1)])
    let y = try node.result(Tensor([1, 2], shape: [1, 2]), Tensor([3, 4], shape: [2, 1]), Tensor([5.0]))
    #expect(y.doubles == [16])
  }
}
