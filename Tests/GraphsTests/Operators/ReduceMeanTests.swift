import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct ReduceMeanTests {
  @Test(arguments: try OperatorCase.load("ReduceMean"))
  func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test(arguments: try OperatorCase.load("ReduceMean", from: "Gradients")) func referenceGradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase)
  }

  @Test(arguments: [[1], [0, 2], [-1], []], [0, 1]) func gradients(_ axes: [Int], _ keeps: Int) throws {
    let node = try TestNode("ReduceMean", opset: 13, ["axes": .ints(axes), "keepdims": .int(keeps)])
    try expectDifferences(node, [randomTensor([2, 3, 2], seed: 1)], wanted: [0])
  }

  @Test func refusals() {
    let x = randomTensor([2, 3], seed: 1)
    expectRefusal("axis 2 does not exist") { try TestNode("ReduceMean", opset: 13, ["axes": .ints([2])]).folded([x]) }
    expectRefusal("named twice") { try TestNode("ReduceMean", opset: 13, ["axes": .ints([1, -1])]).folded([x]) }
    expectRefusal("axis -3") { try TestNode("ReduceMean").folded([x, Tensor([-3] as [Int64])]) }
    expectRefusal("no mean") { try TestNode("ReduceMean").folded([Tensor([] as [Int32], shape: [0])]) }
    expectRefusal("truth values") { try TestNode("ReduceMean").folded([Tensor([true])]) }
  }
}
