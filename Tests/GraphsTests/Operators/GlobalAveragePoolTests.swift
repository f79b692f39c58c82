import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct GlobalAveragePoolTests {
  @Test(arguments: try OperatorCase.load("GlobalAveragePool"))
  func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test(arguments: try OperatorCase.load("GlobalAveragePool", from: "Gradients"))
  func referenceGradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase)
  }

  @Test(arguments: [[2, 3, 2, 2], [1, 2, 5], [2, 2, 2, 1, 3]] as [Shape]) func gradients(_ shape: Shape) throws {
    try expectDifferences(try TestNode("GlobalAveragePool"), [randomTensor(shape, seed: 1)], wanted: [0])
  }

  @Test func refusals() { expectRefusal("spatial axes") { try TestNode("GlobalAveragePool").folded([randomTensor([2, 3], seed: 1)]) } }
}
