import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct LayerNormalizationTests {
  @Test(arguments: try OperatorCase.load("LayerNormalization"))
  func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test(arguments: try OperatorCase.load("LayerNormalization", from: "Gradients"))
  func referenceGradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase)
  }

  @Test(arguments: [0, 1, -1])
  func gradients(_ axis: Int) throws {
    let node = try TestNode("LayerNormalization", ["axis": .int(axis), "epsilon": .float(0.01)])
    let scale = randomTensor(axis == 0 ? [2, 3, 4] : axis == 1 ? [3, 1] : [4], seed: 2)
    try expectDifferences(node, [randomTensor([2, 3, 4], seed: 1), scale, randomTensor([4], seed: 3)], wanted: [0, 1, 2])
  }

  @Test func refusals() throws {
    let x = randomTensor([2, 3], seed: 1)
    expectRefusal("does not broadcast") { try TestNode("LayerNormalization").folded([x, randomTensor([2, 3], seed: 2)]) }
    expectRefusal("do not broadcast") { try TestNode("LayerNormalization").folded([x, randomTensor([2], seed: 2)]) }
    expectRefusal("axis 2 does not exist") { try TestNode("LayerNormalization", ["axis": .int(2)]).folded([x, randomTensor([3], seed: 2)]) }
    expectRefusal("stash_type") { try TestNode("LayerNormalization", ["stash_type": .int(10)]).folded([x, randomTensor([3], seed: 2)]) }
  }
}
