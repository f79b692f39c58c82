import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct CausalConvWithStateTests {
  @Test(arguments: ["none", "silu"]) func gradients(_ activation: String) throws {
    let node = try TestNode("CausalConvWithState", opset: 27, ["activation": .string(activation)], results: 2)
    // Also an input that is shorter than the state, and one without elements.
    for length in [4, 1, 0] {
      let operands = [
        randomTensor([2, 3, length], seed: 1), randomTensor([3, 1, 3], seed: 2), randomTensor([3], seed: 3), randomTensor([2, 3, 2], seed: 4),
      ]
      try expectDifferencesOfEveryResult(node, operands, wanted: [0, 1, 2, 3])
    }
    try expectDifferencesOfEveryResult(node, [randomTensor([2, 3, 4], seed: 1), randomTensor([3, 1, 1], seed: 2)], wanted: [0, 1])
  }

  /// Two halves of an input with the state between them are as good as the whole.
  @Test func continues() throws {
    let node = try TestNode("CausalConvWithState", opset: 27, results: 2), w = randomTensor([1, 1, 3], seed: 2)
    let x = randomTensor([1, 1, 6], seed: 1), a = Tensor(Array(x.doubles[..<4]), shape: [1, 1, 4]), b = Tensor(Array(x.doubles[4...]), shape: [1, 1, 2])
    let first = try node.run([a, w]).compactMap(\.tensor), second = try node.run([b, w, nil, first[1]]).compactMap(\.tensor)
    let whole = try node.run([x, w]).compactMap(\.tensor)
    #expect(isClose(first[0].doubles + second[0].doubles, whole[0].doubles) && second[1].doubles == whole[1].doubles)
  }

  @Test func refusals() throws {
    let x = randomTensor([1, 2, 4], seed: 1), w = randomTensor([2, 1, 3], seed: 2)
    func refused(_ text: String, _ operands: [Tensor?], _ activation: String = "none") {
      expectRefusal(text) { try TestNode("CausalConvWithState", opset: 27, ["activation": .string(activation)]).folded(operands) }
    }
    refused("none, silu or swish", [x, w], "relu")
    refused("three axes", [randomTensor([2, 4], seed: 1), w])
    refused("W must be 2×1×?", [x, randomTensor([3, 1, 3], seed: 2)])
    refused("positive last extent", [x, randomTensor([2, 1, 0], seed: 2)])
    refused("bias must be 2", [x, w, randomTensor([3], seed: 2)])
    refused("past state must be 1×2×2", [x, w, nil, randomTensor([1, 2, 3], seed: 2)])
    refused("one element type", [x, w.converted(to: .float32)])
  }
}
