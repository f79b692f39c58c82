import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct TileTests {
  /// By hand.
  @Test func results() throws {
    let node = try TestNode("Tile")
    let x = Tensor([1, 2, 3, 4] as [Int16], shape: [2, 2])
    for extentsAreKnown in [true, false] {
      let y = try node.run([x, indices(2, 3)], extentsAreKnown: extentsAreKnown)[0].tensor
      #expect(y?.shape == [4, 6])
      #expect(y?.array(of: Int16.self) == [1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4, 1, 2, 1, 2, 1, 2, 3, 4, 3, 4, 3, 4])
    }
    #expect(try node.folded([zeros(2, 3), indices(0, 2)]) == [ValueType(.float32, [0, 6])])
    #expect(try node.folded([Tensor(scalar: Float(1)), Tensor([] as [Int64])]) == [ValueType(.float32, Shape([]))])
  }

  /// By hand: twice along axis 1, as before version 6.
  @Test func oneAxis() throws {
    let node = try TestNode("Tile", opset: 1), two = Tensor(scalar: Float(2)), one = Tensor(scalar: Float(1))
    let y = try node.result(Tensor([1, 2, 3, 4] as [Float], shape: [2, 2]), two, one)
    #expect(y.shape == [2, 4])
    #expect(y.doubles == [1, 2, 1, 2, 3, 4, 3, 4])
    try expectAdjoint(node, [0: [2, 3]], constants: [1: two, 2: one])
    expectRefusal("axis 2 does not exist") { try node.folded([zeros(2, 2), two, two]) }
    expectRefusal("do not make sense") { try node.folded([zeros(2, 2), Tensor(scalar: Float.nan), zeros(2)]) }
    expectRefusal("not those of this version") { try node.folded([zeros(2, 2), two]) }
  }

  @Test func gradients() throws {
    let node = try TestNode("Tile")
    try expectAdjoint(node, [0: [2, 3]], constants: [1: indices(3, 2)])
    try expectAdjoint(node, [0: [2, 1, 3]], constants: [1: indices(1, 4, 1)])
    try expectAdjoint(node, [0: [2, 3]], constants: [1: indices(0, 2)])
  }

  @Test func onceIsForwarded() throws {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float32, [2, 3]))
    #expect(try builder.add(try TestNode("Tile").op, x, builder.constant(indices(1, 1))) == x)
  }

  @Test func refusals() throws {
    let node = try TestNode("Tile")
    expectRefusal("2 numbers of repeats, not 1") { try node.folded([zeros(2, 3), indices(1)]) }
    expectRefusal("-1 times") { try node.folded([zeros(2), indices(-1)]) }
    expectRefusal("more than can be counted") { try node.folded([zeros(2), indices(.max)]) }
    expectRefusal("than") { try node.folded([zeros(2, 3), indices(1 << 40, 1 << 40)]) }
    expectRefusal("than") { try node.run([zeros(2), indices(1 << 45)]) }
    expectRefusal("operand 1 is missing") { try node.folded([zeros(2), nil]) }
  }
}
