import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct MinTests {
  @Test func results() throws {
    let node = try TestNode("Min", opset: 13)
    #expect(try node.result(Tensor([3.0, -1, 2])).doubles == [3, -1, 2])
    #expect(try node.result(Tensor([3.0, -1, 2]), Tensor([1.0, 4, 5]), Tensor(scalar: 2.0)).doubles == [1, -1, 2])
    #expect(try node.result(Tensor([3, -1] as [Int64], shape: [2, 1]), Tensor([0, 9] as [Int64])).integers == [0, 3, -1, -1])
    #expect(try node.result(Tensor([200, 3] as [UInt8]), Tensor([100, 4] as [UInt8])).integers == [100, 3])
    #expect(try node.result(Tensor([Double.infinity, -.infinity]), Tensor([1.0, 1])).doubles == [1, -.infinity])
    #expect(try node.result(Tensor([Double.nan, 1]), Tensor([1.0, .nan])).doubles.allSatisfy(\.isNaN))
    #expect(try node.result(Tensor([0.5, 2] as [Float16]), Tensor([1, 1] as [Float16])).doubles == [0.5, 1])
  }

  /// ∂A is ∂Y where A is smaller, half of it where both are equal; B is summed over the axis that it was stretched along.
  @Test func gradients() throws {
    let node = try TestNode("Min")
    let seed = Tensor([1.0, 10, 100, 1000], shape: [2, 2])
    let gradients = try node.gradients(Tensor([1.0, 2, 3, 4], shape: [2, 2]), Tensor([2.0, 2]), seed: seed)
    #expect(gradients == [[1, 5, 0, 0], [100, 1005]])
  }
}
