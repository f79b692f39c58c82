import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct PReluTests {
  private static func operands(_ x: Shape, _ slope: Shape) -> [Tensor] { [randomTensor(x, seed: 1), randomTensor(slope, seed: 2)] }

  @Test(arguments: [([2, 3], [2, 3]), ([2, 3], [3]), ([2, 3, 2], [3, 1]), ([2, 3], []), ([2, 3], [1, 1])] as [(Shape, Shape)])
  func gradients(_ x: Shape, _ slope: Shape) throws {
    try expectDifferences(try TestNode("PRelu"), Self.operands(x, slope), wanted: [0, 1])
  }

  /// Before version 7 slopes are counted along axis 1.
  @Test(arguments: [1, 6]) func slopesOfChannels(_ opset: Int) throws {
    let attributes: [String: AttributeValue] = opset == 1 ? ["consumed_inputs": .ints([0, 0])] : [:]
    let node = try TestNode("PRelu", opset: opset, attributes)
    let x = Tensor([-1, 1, -2, -2.0], shape: [1, 2, 2])
    #expect(try node.result(x, Tensor([2.0, 3])).doubles == [-2, 1, -6, -6])
    #expect(try node.result(x, Tensor([2.0])).doubles == [-2, 1, -4, -4])
    #expect(try node.result(x, Tensor([2.0, 3]), shapes: [.unknown, .unknown]).doubles == [-2, 1, -6, -6])
    try expectDifferences(node, Self.operands([2, 3, 2, 2], [3]), wanted: [0, 1])
    expectRefusal("do not broadcast") { try node.types((.float32, [1, 2, 2]), (.float32, [3])) }
  }

  /// At 0 as PyTorch: ∂X = slope ∂Y.
  @Test func theBend() throws {
    #expect(try TestNode("PRelu").gradients(Tensor([0.0, 2]), Tensor([0.25]), seed: Tensor([1.0, 1])) == [[0.25, 1], [0]])
  }

  @Test func integersWrapAround() throws {
    #expect(try TestNode("PRelu").result(Tensor([Int32.min, -3, 4]), Tensor([2] as [Int32])).integers == [0, -6, 4])
  }

  @Test func refusals() throws {
    expectRefusal("do not broadcast to 3") { try TestNode("PRelu").types((.float32, [3]), (.float32, [2, 3])) }
    expectRefusal("one element type") { try TestNode("PRelu").types((.float32, [3]), (.float64, [3])) }
    #expect(throws: GraphError.self) { try TestNode("PRelu").result(Tensor([1.0]), Tensor([1.0, 2]), shapes: [[nil], [nil]]) }
  }
}
