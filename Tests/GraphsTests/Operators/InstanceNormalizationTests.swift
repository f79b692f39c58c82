import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct InstanceNormalizationTests {
  /// ONNX 1.23, `test_instancenorm_example`, rounded.
  @Test func results() throws {
    let x = Tensor([-1, 0, 1, 2, 3, 4] as [Double], shape: [1, 2, 1, 3])
    let y = try TestNode("InstanceNormalization").result(x, Tensor([1, 1.5]), Tensor([0.0, 1]))
    let unit = 1 / (2.0 / 3 + Double(Float(1e-5))).squareRoot()
    let expected = [-unit, 0, unit, 1 - 1.5 * unit, 1, 1 + 1.5 * unit]
    for (a, e) in zip(y.doubles, expected) { #expect(abs(a - e) < 1e-14) }
  }

  @Test func gradients() throws {
    let operands = [randomTensor([2, 3, 2, 2], seed: 1), randomTensor([3], seed: 2), randomTensor([3], seed: 3)]
    try expectDifferences(try TestNode("InstanceNormalization", ["epsilon": .float(0.01)]), operands, wanted: [0, 1, 2])
  }

  @Test func refusals() {
    let x = randomTensor([2, 3, 2], seed: 1), c = randomTensor([3], seed: 2)
    expectRefusal("one element per channel") { try TestNode("InstanceNormalization").folded([x, c, randomTensor([2], seed: 2)]) }
    expectRefusal("spatial axes") { try TestNode("InstanceNormalization").folded([randomTensor([2, 3], seed: 1), c, c]) }
  }
}
