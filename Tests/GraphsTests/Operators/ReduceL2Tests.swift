import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct ReduceL2Tests {
  @Test(arguments: try OperatorCase.load("ReduceL2")) func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test(arguments: try OperatorCase.load("ReduceL2", from: "Gradients")) func referenceGradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase)
  }

  @Test(arguments: [[1], [0, 2], [-1], []], [0, 1]) func gradients(_ axes: [Int], _ keeps: Int) throws {
    let node = try TestNode("ReduceL2", opset: 13, ["axes": .ints(axes), "keepdims": .int(keeps)])
    try expectDifferences(node, [randomTensor([2, 3, 2], seed: 1)], wanted: [0])
  }
}
