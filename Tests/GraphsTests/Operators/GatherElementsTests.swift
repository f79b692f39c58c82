import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct GatherElementsTests {
  @Test(arguments: 0..<3) func repeatedIndicesAddUp(_ axis: Int) throws {
    let node = try TestNode("GatherElements", ["axis": .int(axis)])
    try expectAdjoint(node, [0: [2, 3, 2]], constants: [1: Tensor([0, 0, 1, -1, 0, 1, -2, 0] as [Int64], shape: [2, 2, 2])])
    let long = axis == 0 ? Shape([4, 1, 1]) : axis == 1 ? Shape([1, 4, 1]) : Shape([1, 1, 4])
    try expectAdjoint(node, [0: [2, 3, 2]], constants: [1: Tensor([0, 1, 1, -1] as [Int32], shape: long)])
    try expectAdjoint(node, [0: [2, 3, 2]], constants: [1: Tensor(zeros: .int64, shape: [0, 1, 1])])
  }

  /// By hand: every element type is moved as it is.
  @Test func otherTypes() throws {
    let y = try TestNode("GatherElements").result(Tensor([true, false]), Tensor([1, 0, -2] as [Int64]))
    #expect(y.array(of: Bool.self) == [false, true, true])
    #expect(try TestNode("GatherElements").result(Tensor([1, 2] as [Float16]), indices(1)).array(of: Float16.self) == [2])
  }

  @Test func refusals() throws {
    let node = try TestNode("GatherElements")
    expectRefusal("index 3 lies outside axis 0") { try node.run([zeros(3), indices(0, 3)], extentsAreKnown: false) }
    expectRefusal("lies outside axis 0") { try node.folded([zeros(3), indices(.min)]) }
    expectRefusal("must have the rank") { try node.folded([zeros(3, 2), indices(1)]) }
    expectRefusal("reach beyond axis 1") { try node.folded([zeros(3, 1), Tensor(zeros: .int64, shape: [1, 2])]) }
    expectRefusal("indices must be integers") { try node.folded([zeros(3), zeros(3)]) }
    expectRefusal("axis 1 does not exist") { try TestNode("GatherElements", ["axis": .int(1)]).folded([zeros(3), indices(1)]) }
  }
}
