import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct CenterCropPadTests {
  @Test func gradients() throws {
    for shape in [[3, 9], [6, 2], [1, 4], [5, 5]] as [[Int64]] {
      try expectAdjoint(try TestNode("CenterCropPad"), [0: [4, 5]], constants: [1: Tensor(shape)])
    }
    try expectAdjoint(try TestNode("CenterCropPad", ["axes": .ints([-1])]), [0: [4, 5]], constants: [1: indices(2)])
  }

  /// onnxruntime: odd differences.
  @Test func oddDifferences() throws {
    let node = try TestNode("CenterCropPad")
    #expect(try node.result(Tensor((1...7).map(Float.init)), indices(4)).doubles == [2, 3, 4, 5])
    #expect(try node.result(Tensor((1...3).map(Float.init)), indices(6)).doubles == [0, 1, 2, 3, 0, 0])
    #expect(try node.run([Tensor([true, true]), indices(3)], extentsAreKnown: false)[0].tensor?.integers == [1, 1, 0])
  }

  @Test func otherTypes() throws {
    let node = try TestNode("CenterCropPad")
    #expect(try node.result(Tensor(["a", "b"], shape: [2]), indices(3)).texts == ["a", "b", ""])
    #expect(try node.result(Tensor(zeros: .complex128, shape: [2]), indices(3)).shape == [3])
    #expect(try node.result(Tensor(zeros: .int4, shape: [2]), indices(3)).elementType == .int4)
  }

  @Test func refusals() throws {
    let node = try TestNode("CenterCropPad")
    expectRefusal("1 extents do not fit 2 axes") { try node.folded([zeros(3, 2), indices(1)]) }
    expectRefusal("negative") { try node.folded([zeros(3), indices(-1)]) }
    expectRefusal("than") { try node.run([zeros(3), indices(1 << 46)]) }
    expectRefusal("axis 1 does not exist") { try TestNode("CenterCropPad", ["axes": .ints([1])]).folded([zeros(3), indices(1)]) }
    expectRefusal("named twice") { try TestNode("CenterCropPad", ["axes": .ints([0, -1])]).folded([zeros(3), indices(1, 1)]) }
  }
}
