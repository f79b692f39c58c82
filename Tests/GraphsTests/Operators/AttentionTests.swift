import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct AttentionTests {
  @Test(arguments: try OperatorCase.load("Attention")) func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test(arguments: try OperatorCase.load("Attention", from: "Gradients")) func referenceGradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase)
  }

  private static let q = randomTensor([2, 4, 3, 2], seed: 1), k = randomTensor([2, 2, 5, 2], seed: 2)
  private static let v = randomTensor([2, 2, 5, 3], seed: 3)

  @Test func gradients() throws {
    let operands = [Self.q, Self.k, Self.v]
    try expectDifferences(try TestNode("Attention", opset: 23), operands, wanted: [0, 1, 2])
    try expectDifferences(try TestNode("Attention", opset: 23, ["softcap": .float(0.5), "scale": .float(0.7)]), operands, wanted: [0, 1, 2])
    let causal = try TestNode("Attention", opset: 23, ["is_causal": .int(1)])
    try expectDifferences(causal, operands + [randomTensor([4, 3, 5], seed: 4)], wanted: [0, 1, 2])
    let flat = try TestNode("Attention", opset: 23, ["q_num_heads": .int(4), "kv_num_heads": .int(2)])
    let flatOperands = [randomTensor([2, 3, 8], seed: 1), randomTensor([2, 5, 4], seed: 2), randomTensor([2, 5, 6], seed: 3)]
    try expectDifferences(flat, flatOperands, wanted: [0, 1, 2])
  }

  /// A query that sees no key gives zeros; a mask that is shorter than the keys masks the rest.
  @Test func masks() throws {
    let mask = Tensor([false, false, true, false, true, true], shape: [3, 2])
    let y = try TestNode("Attention", opset: 23).result(Self.q, Self.k, Self.v, mask).doubles
    let v = Self.v.doubles
    #expect(Array(y[0..<3]) == [0, 0, 0])
    for (a, e) in zip(y[3..<6], v[0..<3]) { #expect(abs(a - e) < 1e-15) }
  }

  @Test func refusals() {
    let (q, k, v) = (Self.q, Self.k, Self.v)
    expectRefusal("past keys") { try TestNode("Attention", opset: 23).folded([q, k, v, nil, k, v]) }
    expectRefusal("present keys") { try TestNode("Attention", opset: 23, results: 3).folded([q, k, v]) }
    expectRefusal("key counts") { try TestNode("Attention", opset: 24).folded([q, k, v, nil, nil, nil, Tensor([1, 1] as [Int64])]) }
    expectRefusal("qk_matmul_output_mode") { try TestNode("Attention", opset: 23, ["qk_matmul_output_mode": .int(1)]).folded([q, k, v]) }
    expectRefusal("softmax_precision") { try TestNode("Attention", opset: 23, ["softmax_precision": .int(7)]).folded([q, k, v]) }
    expectRefusal("cannot share") { try TestNode("Attention", opset: 23).folded([randomTensor([2, 3, 3, 2], seed: 1), k, v]) }
    expectRefusal("numbers of keys differ") { try TestNode("Attention", opset: 23).folded([q, k, randomTensor([2, 2, 4, 3], seed: 1)]) }
    expectRefusal("four axes") { try TestNode("Attention", opset: 23).folded([q, k, randomTensor([2, 4, 3], seed: 1)]) }
    let flat = randomTensor([1, 2, 6], seed: 1)
    expectRefusal("q_num_heads must be") { try TestNode("Attention", opset: 23).folded([flat, flat, flat]) }
    expectRefusal("6 elements cannot be shared by 4") {
      try TestNode("Attention", opset: 23, ["q_num_heads": .int(4), "kv_num_heads": .int(2)]).folded([flat, flat, flat])
    }
    expectRefusal("does not broadcast") { try TestNode("Attention", opset: 23).folded([q, k, v, randomTensor([2, 5], seed: 1)]) }
    expectRefusal("truth values or") { try TestNode("Attention", opset: 23).folded([q, k, v, Tensor([1, 2] as [Int64])]) }
  }
}
