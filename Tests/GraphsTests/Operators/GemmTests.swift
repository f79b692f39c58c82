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

  @Test func integers() throws {
    let a = Tensor([1, 2, 3, 4] as [Int32], shape: [2, 2]), b = Tensor([5, 6] as [Int32], shape: [2, 1])
    let c = Tensor([1, 2] as [Int32], shape: [2, 1])
    #expect(try TestNode("Gemm", operands: 3).result(a, b, c).integers == [18, 41])
    #expect(try TestNode("Gemm", ["transA": .int(1)]).result(a, b).integers == [23, 34])
    // 0.5 · 17 - 1.5 · 1 and 0.5 · 39 - 1.5 · 2, cut off.
    #expect(try TestNode("Gemm", ["alpha": .float(0.5), "beta": .float(-1.5)], operands: 3).result(a, b, c).integers == [7, 16])
    let product = try TestNode("Gemm").result(Tensor([UInt64.max], shape: [1, 1]), Tensor([2 as UInt64], shape: [1, 1]))
    #expect(product.array(of: UInt64.self) == [.max - 1])
    expectRefusal("no matrix product of int8") { try TestNode("Gemm").types((.int8, [2, 2]), (.int8, [2, 2])) }
  }

  @Test func broadcastAttributeOfOldVersions() throws {
    let node = try TestNode("Gemm", opset: 6, ["broadcast": .int(1)])
    let y = try node.result(Tensor([1, 2], shape: [1, 2]), Tensor([3, 4], shape: [2, 1]), Tensor([5.0]))
    #expect(y.doubles == [16])
  }
}
