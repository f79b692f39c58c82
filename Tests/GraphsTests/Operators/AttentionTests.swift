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

  /// All four results, with respect to Q, K, V, the mask (one value per head and key) and what came before.
  @Test(arguments: 0...3) func gradientsOfEveryResult(_ mode: Int) throws {
    let node = try TestNode(
      "Attention", opset: 23, ["qk_matmul_output_mode": .int(mode), "softcap": .float(0.8)], operands: 6, results: 4)
    let mask = randomTensor([4, 1, 6], seed: 4), pastKey = randomTensor([2, 2, 2, 2], seed: 5), pastValue = randomTensor([2, 2, 2, 3], seed: 6)
    let k = randomTensor([2, 2, 4, 2], seed: 2), v = randomTensor([2, 2, 4, 3], seed: 3)
    try expectDifferencesOfEveryResult(node, [Self.q, k, v, mask, pastKey, pastValue], wanted: Array(0..<6))
  }

  /// Masks of every rank, counts of keys and windows on either side; a short mask leaves keys without a gradient.
  @Test func gradientsUnderMasks() throws {
    let counts = Tensor([5, 3] as [Int64])
    for shape in [[5], [3, 4], [4, 3, 5], [2, 1, 1, 5]] as [Shape] {
      let mask = randomTensor(shape, seed: 7)
      try expectDifferences(try TestNode("Attention", opset: 24), [Self.q, Self.k, Self.v, mask, nil, nil, counts], wanted: [0, 1, 2, 3])
    }
    let windowed = try TestNode("Attention", opset: 25, ["left_window_size": .int(1), "right_window_size": .int(1)])
    try expectDifferences(windowed, [Self.q, Self.k, Self.v], wanted: [0, 1, 2])
    let causal = try TestNode("Attention", opset: 24, ["is_causal": .int(1)])
    try expectDifferences(causal, [Self.q, Self.k, Self.v, nil, nil, nil, counts], wanted: [0, 1, 2])
  }

  /// V may have another type than Q and K; Y has that of Q, the present values that of V. Any numbers can be a mask.
  @Test func mixedTypes() throws {
    let q = Self.q.converted(to: .float32), k = Self.k.converted(to: .float32)
    let node = try TestNode("Attention", opset: 23, results: 3)
    let results = try node.run([q, k, Self.v, Tensor([0, 0, -3, 0, 0] as [Int32])]).compactMap(\.tensor)
    #expect(results.map(\.elementType) == [.float32, .float32, .float64])
    let wide = try TestNode("Attention", opset: 23).result(Self.q, Self.k, Self.v, Tensor([0, 0, -3, 0, 0] as [Double]))
    #expect(isClose(results[0].doubles, wide.doubles, tolerance: 1e-6) && results[2].doubles == Self.v.doubles)
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
    expectRefusal("given together") { try TestNode("Attention", opset: 23).folded([q, k, v, nil, k]) }
    let counts = Tensor([1, 6] as [Int64])
    expectRefusal("exclude each other") { try TestNode("Attention", opset: 24).folded([q, k, v, nil, k, v, counts]) }
    expectRefusal("2 numbers from 0 to 5") { try TestNode("Attention", opset: 24).folded([q, k, v, nil, nil, nil, counts]) }
    expectRefusal("one integer for each item") { try TestNode("Attention", opset: 24).folded([q, k, v, nil, nil, nil, Tensor([1] as [Int64])]) }
    expectRefusal("four axes") { try TestNode("Attention", opset: 23).folded([q, k, v, nil, randomTensor([2, 5, 4], seed: 1), v]) }
    expectRefusal("types of K and V") { try TestNode("Attention", opset: 23).folded([q, k, v, nil, k.converted(to: .float32), v]) }
    expectRefusal("qk_matmul_output_mode") { try TestNode("Attention", opset: 23, ["qk_matmul_output_mode": .int(4)]).folded([q, k, v]) }
    expectRefusal("left_window_size") { try TestNode("Attention", opset: 25, ["left_window_size": .int(-2)]).folded([q, k, v]) }
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
  }
}
