import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct MatMulTests {
  @Test(arguments: try OperatorCase.load("MatMul")) func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test(arguments: try OperatorCase.load("MatMul", from: "Gradients")) func referenceGradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase)
  }

  @Test(arguments: [
    ([2, 3], [3, 4]), ([3], [3, 2]), ([2, 3], [3]), ([3], [3]), ([2, 2, 3], [3, 2]), ([2, 3], [2, 3, 2]), ([2, 1, 2, 3], [2, 3,
    2]), ([2, 2, 3], [3]),
    ([3], [2, 3, 2]),
  ] as [(Shape, Shape)])
  func gradients(_ a: Shape, _ b: Shape) throws {
    try expectDifferences(try TestNode("MatMul"), [randomTensor(a, seed: 1), randomTensor(b, seed: 2)], wanted: [0, 1])
  }

  @Test func refusals() {
    expectRefusal("3 columns, 2 rows") { try TestNode("MatMul").folded([randomTensor([2, 3], seed: 1), randomTensor([2, 3], seed: 2)]) }
    expectRefusal("do not broadcast") {
      try TestNode("MatMul").folded([randomTensor([2, 2, 3], seed: 1), randomTensor([3, 3, 1], seed: 2)])
    }
    expectRefusal("scalar") { try TestNode("MatMul").folded([randomTensor([], seed: 1), randomTensor([3], seed: 2)]) }
    expectRefusal("one element type") { try TestNode("MatMul").folded([randomTensor([3], seed: 1), Tensor([1, 2, 3] as [Float])]) }
  }
}
