import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct AveragePoolTests {
  @Test(arguments: try OperatorCase.load("AveragePool"))
  func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test(arguments: try OperatorCase.load("AveragePool", from: "Gradients")) func referenceGradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase)
  }

  @Test(arguments: [0, 1], [0, 1]) func gradients(_ countsPadding: Int, _ roundsUp: Int) throws {
    let attributes: [String: AttributeValue] = [
      "kernel_shape": .ints([3, 2]), "strides": .ints([2, 2]), "pads": .ints([1, 0, 1, 1]), "dilations": .ints([1, 2]),
      "ceil_mode": .int(roundsUp),
      "count_include_pad": .int(countsPadding),
    ]
    try expectDifferences(try TestNode("AveragePool", attributes), [randomTensor([2, 2, 6, 7], seed: 1)], wanted: [0])
  }

  @Test func refusals() {
    let x = randomTensor([1, 1, 4, 4], seed: 1)
    expectRefusal("kernel_shape is missing") { try TestNode("AveragePool").folded([x]) }
    expectRefusal("does not fit") { try TestNode("AveragePool", ["kernel_shape": .ints([5, 1])]).folded([x]) }
    expectRefusal("must be 0 or 1") {
      try TestNode("AveragePool", ["kernel_shape": .ints([1, 1]), "count_include_pad": .int(3)]).folded([x])
    }
  }
}
