import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct OneHotTests {
  @Test(arguments: [-1, 0, 1]) func gradients(_ axis: Int) throws {
    let node = try TestNode("OneHot", ["axis": .int(axis)])
    try expectAdjoint(node, [2: [2]], constants: [0: Tensor([0, -1, 2, 5] as [Int64], shape: [2, 2]), 1: Tensor(scalar: Int64(3))])
  }

  /// onnxruntime 1.x for version 11; version 9 knows no negative indices.
  @Test func negativeIndices() throws {
    let values = Tensor([5, 7] as [Float])
    func rows(_ opset: Int) throws -> [Double] {
      try TestNode("OneHot", opset: opset).result(indices(0, -1, 2, 3), indices(3), values).doubles
    }
    #expect(try rows(11) == [7, 5, 5, 5, 5, 7, 5, 5, 7, 5, 5, 5])
    #expect(try rows(9) == [7, 5, 5, 5, 5, 5, 5, 5, 7, 5, 5, 5])
  }

  /// By hand.
  @Test func realIndices() throws {
    let node = try TestNode("OneHot")
    let y = try node.result(Tensor([1.9, -0.5, .nan, 1e30, -.infinity]), Tensor(scalar: Float16(2.5)), Tensor([false, true]))
    #expect(y.shape == [5, 2])
    #expect(y.integers?[..<4] == [0, 1, 1, 0] && y.integers?[6...] == [0, 0, 0, 0])
    #expect(try node.result(Tensor([UInt64.max]), indices(1), Tensor([0, 1] as [Int8])).integers == [0])
    #expect(try node.result(indices(0), indices(0), Tensor([0, 1] as [Int8])).shape == [1, 0])
  }

  /// By hand.
  @Test func otherValues() throws {
    let node = try TestNode("OneHot")
    #expect(try node.result(indices(1), indices(3), Tensor(["off", "on"], shape: [2])).texts == ["off", "on", "off"])
    let complex = Tensor(elementType: .complex64, shape: [2], bytes: Tensor([1, 2, 3, 4] as [Float]).bytes)
    let y = try node.result(indices(1), indices(2), complex)
    #expect(y.elementType == .complex64 && y.byteArray == complex.byteArray)
  }

  @Test func refusals() throws {
    let node = try TestNode("OneHot"), values = zeros(2)
    expectRefusal("negative") { try node.folded([indices(1), indices(-1), values]) }
    expectRefusal("must be two values") { try node.folded([indices(1), indices(2), zeros(3)]) }
    expectRefusal("must be one number") { try node.folded([indices(1), indices(2, 2), values]) }
    expectRefusal("axis 2 does not exist") { try TestNode("OneHot", ["axis": .int(2)]).folded([indices(1), indices(2), values]) }
    expectRefusal("than") { try node.run([indices(1), indices(1 << 46), values]) }
    expectRefusal("than") { try node.run([indices(1, 2), indices(.max), values]) }
    expectRefusal("must be numbers, not bool") { try node.folded([Tensor([true]), indices(2), values]) }
    expectRefusal("must be numbers, not string") { try node.folded([Tensor(["1"], shape: [1]), indices(2), values]) }
  }
}
