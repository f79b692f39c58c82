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
    try expectDifferences(try TestNode("BatchNormalization", ["epsilon": .float(0.01)]), operands, wanted: [0, 1, 2, 3, 4])
    let training = try TestNode("BatchNormalization", ["epsilon": .float(0.01), "training_mode": .int(1)])
    try expectDifferences(training, operands, wanted: [0, 1, 2])
  }

  /// One channel; and, in old versions, one per place.
  @Test func gradientsOfOtherArrangements() throws {
    let one = [randomTensor([5], seed: 1)] + (2...4).map { randomTensor([1], seed: $0) } + [Tensor([0.5])]
    try expectDifferences(try TestNode("BatchNormalization"), one, wanted: [0, 1, 2, 3, 4])
    let parameters = (2...4).map { randomTensor([2, 2], seed: $0) }
    let places = [randomTensor([3, 2, 2], seed: 1)] + parameters + [Tensor([0.5, 1, 2, 3], shape: [2, 2])]
    let attributes: [String: AttributeValue] = ["spatial": .int(0), "epsilon": .float(0.01)]
    try expectDifferences(try TestNode("BatchNormalization", opset: 7, attributes), places, wanted: [0, 1, 2, 3, 4])
    try expectDifferences(try TestNode("BatchNormalization", opset: 6, attributes), places, wanted: [0, 1, 2])
  }

  /// X of three items with two channels, trained in every version; PyTorch 2 in float64.
  @Test(arguments: [(1, 5), (6, 1), (7, 5), (9, 3), (14, 3)]) func training(_ opset: Int, _ results: Int) throws {
    let x = Tensor([1, 2, 3, 5, 4, -1.0], shape: [3, 2]), one = Tensor([1.0, 1]), zero = Tensor([0.0, 0])
    var attributes: [String: AttributeValue] = opset == 1 ? ["consumed_inputs": .ints([0])] : [:]
    if opset == 14 { attributes["training_mode"] = .int(1) }
    let node = try TestNode("BatchNormalization", opset: opset, attributes, operands: 5, results: results)
    let run = try node.run([x, one, zero, Tensor([0.5, 1]), Tensor([1.0, 2])]).compactMap { $0.tensor?.doubles }
    let expected: [[Double]] = [
      [-1.3363019143128716, 0, 0.2672603828625745, 1.2247438507721387, 1.0690415314502975, -1.2247438507721387],
      [0.7166666666666667, 1.1], [1.0555555555555556, 2.4], [8.0 / 3, 2], [14.0 / 9, 6],
    ]
    #expect(run.count == results)
    for (actual, numbers) in zip(run, expected) { #expect(isClose(actual, numbers, tolerance: 1e-7)) }
  }

  /// The same where each place is a channel: three items of shape 2 × 1.
  @Test func places() throws {
    let x = Tensor([1, 2, 3, 5, 4, -1.0], shape: [3, 2, 1]), one = Tensor([1.0, 1]), zero = Tensor([0.0, 0])
    let node = try TestNode("BatchNormalization", opset: 7, ["spatial": .int(0)], operands: 5)
    let y = try node.result(x, one, zero, Tensor([1.0, 2], shape: [2, 1]), Tensor([1.0, 4], shape: [2, 1]))
    #expect(isClose(y.doubles, [0, 0, 2, 1.5, 3, -1.5], tolerance: 1e-5))
    expectRefusal("must have 2 elements") { try node.folded([x, one, zero, one, Tensor([1.0])]) }
  }

  @Test func refusals() throws {
    let x = randomTensor([2, 3, 2], seed: 1), c = randomTensor([3], seed: 2), other = randomTensor([2], seed: 2)
    expectRefusal("operand 2 must have 3 elements") { try TestNode("BatchNormalization").folded([x, c, other, c, c]) }
    expectRefusal("3 results here") {
      try TestNode("BatchNormalization", ["training_mode": .int(1)], results: 5).folded([x, c, c, c, c])
    }
    expectRefusal("1 results here") { try TestNode("BatchNormalization", results: 3).folded([x, c, c, c, c]) }
  }
}
