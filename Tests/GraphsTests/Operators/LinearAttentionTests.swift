import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct LinearAttentionTests {
  private static func node(_ rule: String, heads: Int = 4, _ more: [String: AttributeValue] = [:]) throws -> TestNode {
    let attributes: [String: AttributeValue] = ["q_num_heads": .int(heads), "kv_num_heads": .int(2), "update_rule": .string(rule)]
    return try TestNode("LinearAttention", opset: 27, attributes.merging(more) { $1 }, operands: 6, results: 2)
  }

  /// Query, key, value, state, decay (per element or per head), β (per head or one).
  private static func operands(_ rule: String, perElement: Bool = false, shared: Bool = false) -> [Tensor?] {
    let shapes: [Shape?] = [
      [2, 3, 8], [2, 3, 4], [2, 3, 6], [2, 2, 2, 3], rule.hasPrefix("gated") ? (perElement ? [2, 3, 4] : [2, 3, 2]) : nil,
      rule.hasSuffix("delta") ? (shared ? [2, 3, 1] : [2, 3, 2]) : nil,
    ]
    return shapes.enumerated().map { index, shape in shape.map { randomTensor($0, seed: 20 + UInt64(index)) } }
  }

  @Test(arguments: ["linear", "gated", "delta", "gated_delta"]) func gradients(_ rule: String) throws {
    for isOther in [false, true] {
      let operands = Self.operands(rule, perElement: isOther, shared: isOther)
      let node = try Self.node(rule, heads: 4, isOther ? ["scale": .float(0.75)] : [:])
      try expectDifferencesOfEveryResult(node, operands, wanted: operands.indices.filter { operands[$0] != nil })
    }
    var operands = Self.operands(rule)
    operands[3] = nil
    try expectDifferencesOfEveryResult(try Self.node(rule), operands, wanted: [0, 1, 2])
  }

  /// A state of another type is read and given back in its type.
  @Test func stateOfItsOwnType() throws {
    let operands = Self.operands("linear"), narrow = operands.enumerated().map { $0 == 3 ? $1 : $1?.converted(to: .float32) }
    let wide = try Self.node("linear").run(operands).compactMap(\.tensor), results = try Self.node("linear").run(narrow).compactMap(\.tensor)
    #expect(results.map(\.elementType) == [.float32, .float64])
    for (a, b) in zip(results, wide) { #expect(isClose(a.doubles, b.doubles, tolerance: 1e-6)) }
  }

  @Test func refusals() throws {
    func refused(
      _ text: String, rule: String = "gated_delta", heads: Int = 4, changing changes: [Int: Tensor] = [:], without absent: Int? = nil
    ) {
      expectRefusal(text) {
        var operands = Self.operands("gated_delta")
        for (index, tensor) in changes { operands[index] = tensor }
        if let absent { operands[absent] = nil }
        return try Self.node(rule, heads: heads).folded(operands)
      }
    }
    refused("update_rule must be", rule: "quadratic")
    refused("3 heads of queries cannot share 2", heads: 3)
    refused("q_num_heads must be", heads: 0)
    refused("needs a decay", without: 4)
    refused("needs a beta", without: 5)
    refused("knows no decay", rule: "delta")
    refused("knows no beta", rule: "gated")
    refused("the decay must be", changing: [4: randomTensor([2, 3, 3], seed: 1)])
    refused("the key must be 2×3×?", changing: [1: randomTensor([2, 4, 4], seed: 1)])
    refused("5 elements cannot be shared by 2", changing: [1: randomTensor([2, 3, 5], seed: 1)])
    refused("make no product", changing: [1: randomTensor([2, 3, 6], seed: 1)])
    refused("the past state must be 2×2×2×3", changing: [3: randomTensor([2, 2, 3, 3], seed: 1)])
  }
}
