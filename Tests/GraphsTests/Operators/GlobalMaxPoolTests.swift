import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct GlobalMaxPoolTests {
  @Test func results() throws {
    let y = try TestNode("GlobalMaxPool").result(Tensor([1, 5, 3, -7, -2, -9.0], shape: [1, 2, 3, 1]))
    #expect(y.shape == [1, 2, 1, 1] && y.doubles == [5, -2])
  }

  @Test(arguments: [[2, 3, 2, 2], [1, 2, 5], [2, 2, 2, 1, 3]] as [Shape]) func gradients(_ shape: Shape) throws {
    try expectDifferences(try TestNode("GlobalMaxPool"), [randomTensor(shape, seed: 1)], wanted: [0])
  }
}
