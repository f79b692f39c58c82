import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct TensorScatterTests {
  @Test(arguments: ["linear", "circular"]) func gradients(_ mode: String) throws {
    let node = try TestNode("TensorScatter", opset: 24, ["mode": .string(mode)])
    try expectAdjoint(node, [0: [2, 3, 4, 2], 1: [2, 3, 2, 2]], constants: [2: mode == "linear" ? indices(1, 2) : indices(3, -5)])
    try expectAdjoint(try TestNode("TensorScatter", opset: 24, ["mode": .string(mode), "axis": .int(1)]), [0: [2, 4, 2], 1: [2, 3, 2]])
  }

  /// By hand.
  @Test func wrapsAround() throws {
    let node = try TestNode("TensorScatter", opset: 24, ["mode": .string("circular"), "axis": .int(-1)])
    let y = try node.result(Tensor([1, 2, 3, 4] as [Int8], shape: [1, 4]), Tensor([8, 9] as [Int8], shape: [1, 2]), indices(7))
    #expect(y.integers == [9, 2, 3, 8])
  }

  @Test func refusals() throws {
    let node = try TestNode("TensorScatter", opset: 24)
    expectRefusal("2 elements at position 3 do not fit into 4") { try node.run([zeros(1, 4, 1), zeros(1, 2, 1), indices(3)]) }
    expectRefusal("at position -1") { try node.run([zeros(1, 4, 1), zeros(1, 2, 1), indices(-1)]) }
    expectRefusal("does not fit into") { try node.folded([zeros(1, 4, 1), zeros(1, 5, 1)]) }
    expectRefusal("does not fit into") { try node.folded([zeros(2, 4, 1), zeros(1, 4, 1)]) }
    expectRefusal("one for each item") { try node.folded([zeros(1, 4, 1), zeros(1, 2, 1), indices(0, 0)]) }
    expectRefusal("counts the items") { try node.folded([zeros(4, 1), zeros(2, 1)]) }
    expectRefusal("mode must be") { try TestNode("TensorScatter", opset: 24, ["mode": .string("ring")]) }
    let ring = try TestNode("TensorScatter", opset: 24, ["mode": .string("circular")])
    #expect(try ring.run([zeros(1, 4, 1), zeros(1, 2, 1), indices(.max)])[0].tensor?.shape == [1, 4, 1])
    #expect(try ring.run([zeros(1, 4, 1), zeros(1, 2, 1), indices(.min)])[0].tensor?.shape == [1, 4, 1])
  }
}
