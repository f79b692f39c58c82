import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct MaxUnpoolTests {
  private let attributes: [String: AttributeValue] = ["kernel_shape": .ints([2, 2]), "strides": .ints([2, 2])]

  @Test func gradients() throws {
    let node = try TestNode("MaxUnpool", attributes)
    let places = Tensor([0, 3, 13, 10, 31, 17, 20, 27] as [Int64], shape: [1, 2, 2, 2])
    try expectAdjoint(node, [0: [1, 2, 2, 2]], constants: [1: places])
    try expectAdjoint(node, [0: [1, 2, 2, 2]], constants: [1: places, 2: indices(1, 3, 4, 5)])
  }

  /// torch 2.6, `max_unpool2d` with an index that occurs twice.
  @Test func repeatedIndices() throws {
    let x = Tensor([5, 6, 7, 8.0], shape: [1, 1, 2, 2]), places = Tensor([5, 7, 13, 5] as [Int64], shape: [1, 1, 2, 2])
    let run = try OperatorRun(try TestNode("MaxUnpool", attributes), [x, places], constants: [1])
    #expect(try run.evaluated()[0].tensor?.doubles == [0, 0, 0, 0, 0, 8, 0, 6, 0, 0, 0, 0, 0, 7, 0, 0])
    let variable = try #require(run.operands[0]), seed = Tensor((0..<16).map(Double.init), shape: [1, 1, 4, 4])
    let gradients = try run.graph.gradients(of: run.results[0], seed: seed, withRespectTo: [variable], for: run.inputs)
    #expect(gradients.map(\.doubles) == [[5, 7, 13, 5]])
  }

  @Test func refusals() throws {
    let node = try TestNode("MaxUnpool", attributes), x = zeros(1, 1, 1, 1)
    func place(_ index: Int64) -> Tensor { Tensor([index], shape: [1, 1, 1, 1]) }
    for index in [4, -1, .max] as [Int64] {
      expectRefusal("index \(index) lies outside the 4 unpooled elements") { try node.run([x, place(index)], extentsAreKnown: false) }
    }
    expectRefusal("is smaller than the unpooled") { try node.run([x, place(0), indices(1, 1, 1, 2)]) }
    expectRefusal("or has other axes") { try node.folded([x, place(0), indices(1, 1, 2)]) }
    expectRefusal("than") { try node.run([x, place(0), indices(1, 1, 1 << 46, 2)]) }
    expectRefusal("2 spatial axes") { try node.folded([zeros(1, 1, 1), Tensor(zeros: .int64, shape: [1, 1, 1])]) }
    expectRefusal("must have the shape") { try node.folded([x, indices(1)]) }
    expectRefusal("kernel_shape is missing") { try TestNode("MaxUnpool") }
    expectRefusal("as many strides") { try TestNode("MaxUnpool", ["kernel_shape": .ints([2, 2]), "strides": .ints([2])]) }
    expectRefusal("negative, 0 or too large") { try TestNode("MaxUnpool", ["kernel_shape": .ints([2, -2])]) }
    let padded = try TestNode("MaxUnpool", ["kernel_shape": .ints([1]), "pads": .ints([1, 1])])
    expectRefusal("take away more") { try padded.folded([zeros(1, 1, 1), Tensor(zeros: .int64, shape: [1, 1, 1])]) }
  }
}
