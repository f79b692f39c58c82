import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct SoftmaxTests {
  @Test(arguments: try OperatorCase.load("Softmax")) func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test(arguments: try OperatorCase.load("Softmax", from: "Gradients")) func referenceGradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase)
  }

  @Test(arguments: [(11, 0), (11, 1), (11, 3), (13, 0), (13, 1), (13, -1)])
  func gradients(_ opset: Int, _ axis: Int) throws {
    try expectDifferences(try TestNode("Softmax", opset: opset, ["axis": .int(axis)]), [randomTensor([2, 3, 4], seed: 1)], wanted: [0])
  }

  @Test func refusals() {
    expectRefusal("axis 3 does not exist") { try TestNode("Softmax", ["axis": .int(3)]).folded([randomTensor([2, 3, 4], seed: 1)]) }
    expectRefusal("axis \(Int.min)") { try TestNode("Softmax", ["axis": .int(.min)]).folded([randomTensor([2, 3, 4], seed: 1)]) }
    expectRefusal("floating-point") { try TestNode("Softmax").folded([Tensor([1, 2] as [Int64])]) }
  }
}
