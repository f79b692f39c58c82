import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct FuseAttentionTests {
  /// Two images of 21 tokens, three heads of 16 columns.
  private static let tokens = 21, heads = 3, depth = 16

  private func list(_ numbers: Int...) -> Tensor { Tensor(numbers.map(Int64.init)) }

  /// Queries, keys and values as exporters take them from one product: `[3, images, heads, tokens, depth]`, one after the other.
  private func parts(_ network: TestNetwork, slicing: Bool = false) throws -> [Value] {
    let (tokens, heads, depth) = (Self.tokens, Self.heads, Self.depth)
    let x = try network.add("Reshape", [:], network.x, network.builder.constant(list(2, tokens, 6)))
    let product = try network.add("MatMul", [:], x, network.constant([6, 3 * heads * depth]))
    let whole = try network.add("Reshape", [:], product, network.builder.constant(list(2, tokens, 3, heads, depth)))
    let moved = try network.add("Transpose", ["perm": .ints([2, 0, 3, 1, 4])], whole)
    return try (0..<3).map { part in
      guard slicing else {
        return try network.add("Gather", ["axis": .int(0)], moved, network.builder.constant(Tensor(scalar: Int64(part))))
      }
      let slice = try network.add(
        "Slice", [:], moved, network.builder.constant(list(part)), network.builder.constant(list(part + 1)), network.builder.constant(list(0)))
      return try network.add("Squeeze", [:], slice, network.builder.constant(list(0)))
    }
  }

  private func turned(_ network: TestNetwork, _ k: Value) throws -> Value { try network.add("Transpose", ["perm": .ints([0, 1, 3, 2])], k) }

  private func joined(_ network: TestNetwork, _ y: Value) throws -> Value {
    let moved = try network.add("Transpose", ["perm": .ints([0, 2, 1, 3])], y)
    return try network.add("Reshape", [:], moved, network.builder.constant(list(2, Self.tokens, Self.heads * Self.depth)))
  }

  /// Queries and keys each scaled, or the queries alone.
  @Test(arguments: [false, true], [false, true]) func asExportersWriteIt(_ slicing: Bool, _ scalesBoth: Bool) throws {
    let network = TestNetwork(.float32), parts = try parts(network, slicing: slicing)
    let q = try network.add("Mul", [:], parts[0], network.constant(scalesBoth ? 0.5 : 0.25)), turned = try turned(network, parts[1])
    let k = scalesBoth ? try network.add("Mul", [:], turned, network.constant(0.5)) : turned
    let weights = try network.add("Softmax", ["axis": .int(-1)], network.add("MatMul", [:], q, k))
    let y = try network.add("MatMul", [:], weights, parts[2])
    #expect(try network.rewritten(joined(network, y)) == ["Reshape", "carpus.FusedProduct", "carpus.FusedAttention"])
    #expect(try network.rewritten(y) == ["Reshape", "carpus.FusedProduct", "carpus.FusedAttention"])
    // What is an output stays, and so does what it is made of.
    #expect(try network.rewritten(y, weights).contains("Softmax"))
    #expect(try network.rewritten(y, parts[1]).suffix(1) == ["carpus.FusedAttention"])
    try network.expectEqualGradients(of: y, withRespectTo: [network.x])
  }

  /// A bias of each head, and a mask of each image that is added in a shape with an axis more.
  @Test func addends() throws {
    let network = TestNetwork(.float32), parts = try parts(network), (tokens, heads) = (Self.tokens, Self.heads)
    let product = try network.add("Div", [:], network.add("MatMul", [:], parts[0], turned(network, parts[1])), network.constant(4))
    let biased = try network.add("Add", [:], network.constant([heads, tokens, tokens]), product)
    let wider = try network.add("Reshape", [:], biased, network.builder.constant(list(1, 2, heads, tokens, tokens)))
    let masked = try network.add("Add", [:], wider, network.constant([2, 1, 1, tokens]))
    let back = try network.add("Reshape", [:], masked, network.builder.constant(list(2, heads, tokens, tokens)))
    let y = try network.add("MatMul", [:], network.add("Softmax", [:], back), parts[2])
    #expect(try network.rewritten(joined(network, y)) == ["Reshape", "carpus.FusedProduct", "carpus.FusedAttention"])
    // A scale behind an addend would scale it too.
    let late = try network.add("Mul", [:], masked, network.constant(2))
    let other = try network.add("MatMul", [:], network.add("Softmax", [:], late), network.add("Unsqueeze", [:], parts[2], network.builder.constant(list(0))))
    #expect(try network.rewritten(other).contains("Softmax"))
  }

  /// Keys that cannot be read where they stand, since their rows and columns are those of another order.
  @Test func matricesThatAreMoved() throws {
    let network = TestNetwork(.float32), parts = try parts(network), (tokens, heads, depth) = (Self.tokens, Self.heads, Self.depth)
    // Rows of keys that pass from one head to the next.
    let mixed = try network.add("Reshape", [:], network.add("Transpose", ["perm": .ints([0, 3, 1, 2])], parts[1]), network.builder.constant(list(2, heads, depth, tokens)))
    let weights = try network.add("Softmax", [:], network.add("MatMul", [:], parts[0], mixed))
    let names = try network.rewritten(try network.add("MatMul", [:], weights, parts[2]))
    #expect(names.last == "carpus.FusedAttention" && names.contains("Transpose"))
  }

  @Test func othersStay() throws {
    let network = TestNetwork(.float32), wide = TestNetwork()
    let parts = try parts(network), widened = try self.parts(wide)
    func attention(_ network: TestNetwork, _ parts: [Value], axis: Int) throws -> Value {
      let weights = try network.add("Softmax", ["axis": .int(axis)], network.add("MatMul", [:], parts[0], turned(network, parts[1])))
      return try network.add("MatMul", [:], weights, parts[2])
    }
    #expect(try network.rewritten(attention(network, parts, axis: 2)).contains("Softmax"))
    #expect(try network.rewritten(attention(network, parts, axis: 3)).last == "carpus.FusedAttention")
    #expect(try wide.rewritten(attention(wide, widened, axis: 3)).contains("Softmax"))
  }
}
