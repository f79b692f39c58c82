import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct BatchNormalizationTests {
  @Test(arguments: try OperatorCase.load("BatchNormalization"))
  func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test(arguments: try OperatorCase.load("BatchNormalization", from: "Gradients"))
  func referenceGradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase)
  }

  @Test(arguments: [[2, 3, 2, 2], [4, 3], [3, 3, 1]] as [Shape])
  func gradients(_ shape: Shape) throws {
    let parameters = (2...4).map { randomTensor([3], seed: $0) }
    let operands = [randomTensor(shape, seed: 1)] + parameters + [Tensor([0.5, 1, 2])]
    try expectDifferences(try TestNode("BatchNormalization", ["epsilon": .float(0.01)]), operands, wanted: [0])
  }

  @Test func refusals() throws {
    let x = randomTensor([2, 3, 2], seed: 1), c = randomTensor([3], seed: 2), other = randomTensor([2], seed: 2)
    expectRefusal("operand 2 must have 3 elements") { try TestNode("BatchNormalization").folded([x, c, other, c, c]) }
    expectRefusal("spatial = 0") { try TestNode("BatchNormalization", opset: 7, ["spatial": .int(0)]).folded([x, c, c, c, c]) }
    expectRefusal("before version 14") { try TestNode("BatchNormalization", opset: 9, results: 3).folded([x, c, c, c, c]) }
    expectRefusal("1 results here") { try TestNode("BatchNormalization", results: 3).folded([x, c, c, c, c]) }
    #expect(throws: GraphError.self) {
      try expectDifferences(try TestNode("BatchNormalization", ["training_mode": .int(1)]), [x, c, c, c, c], wanted: [0])
    }
  }
}
