import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct MaxPoolTests {
  @Test(arguments: try OperatorCase.load("MaxPool")) func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  /// Equal elements lie on a kink, where differences say nothing.
  @Test(arguments: try OperatorCase.load("MaxPool", from: "Gradients")) func referenceGradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase, differences: !operatorCase.name.contains("equal"))
  }

  @Test(arguments: [false, true]) func gradients(_ roundsUp: Bool) throws {
    let attributes: [String: AttributeValue] = [
      "kernel_shape": .ints([3, 2]), "strides": .ints([2, 2]), "pads": .ints([1, 0, 1, 1]), "dilations": .ints([1, 2]),
      "ceil_mode": .int(roundsUp ? 1 : 0),
    ]
    try expectDifferences(try TestNode("MaxPool", attributes), [randomTensor([2, 2, 6, 7], seed: 1)], wanted: [0])
  }

  @Test func gradientGoesToTheFirstOfEquals() throws {
    let node = try TestNode("MaxPool", ["kernel_shape": .ints([2, 2])])
    let gradients = try node.gradients(Tensor([1.0, 2, 2, 2], shape: [1, 1, 2, 2]), seed: Tensor([3.0], shape: [1, 1, 1, 1]))
    #expect(gradients == [[0, 3, 0, 0]])
  }

  /// Columns first: the place of row r and column c of a plane of h rows is c · h + r.
  @Test func columnMajorIndices() throws {
    let attributes: [String: AttributeValue] = ["kernel_shape": .ints([2, 2]), "strides": .ints([2, 2]), "storage_order": .int(1)]
    let x = Tensor((0..<48).map(Double.init), shape: [1, 2, 4, 6])
    let indices = try TestNode("MaxPool", attributes, results: 2).run([x])[1].tensor?.integers
    #expect(indices == [5, 13, 21, 7, 15, 23, 29, 37, 45, 31, 39, 47])
  }

  @Test func refusals() {
    let x = randomTensor([1, 1, 4, 4], seed: 1)
    expectRefusal("kernel_shape is missing") { try TestNode("MaxPool").folded([x]) }
    expectRefusal("2 spatial axes") { try TestNode("MaxPool", ["kernel_shape": .ints([2, 2])]).folded([randomTensor([1, 1, 4], seed: 1)]) }
    expectRefusal("does not fit") { try TestNode("MaxPool", ["kernel_shape": .ints([5, 1])]).folded([x]) }
    expectRefusal("positive") { try TestNode("MaxPool", ["kernel_shape": .ints([0, 1])]).folded([x]) }
    expectRefusal("positive") { try TestNode("MaxPool", ["kernel_shape": .ints([2, 2]), "strides": .ints([0, 1])]).folded([x]) }
    expectRefusal("positive") { try TestNode("MaxPool", ["kernel_shape": .ints([2, 2]), "dilations": .ints([1, .max])]).folded([x]) }
    expectRefusal("negative or huge") { try TestNode("MaxPool", ["kernel_shape": .ints([2, 2]), "pads": .ints([-1, 0, 0, 0])]).folded([x]) }
    expectRefusal("pads must have 4") { try TestNode("MaxPool", ["kernel_shape": .ints([2, 2]), "pads": .ints([1, 1])]).folded([x]) }
    expectRefusal("strides must have 2") { try TestNode("MaxPool", ["kernel_shape": .ints([2, 2]), "strides": .ints([1])]).folded([x]) }
    expectRefusal("auto_pad must be") { try TestNode("MaxPool", ["kernel_shape": .ints([2, 2]), "auto_pad": .string("SAME")]).folded([x]) }
    expectRefusal("one, two or three") {
      try TestNode("MaxPool", ["kernel_shape": .ints([1, 1, 1, 1])]).folded([randomTensor([1, 1, 1, 1, 1, 1], seed: 1)])
    }
  }
}
