import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct Col2ImTests {
  @Test func gradients() throws {
    try expectAdjoint(try TestNode("Col2Im"), [0: [2, 12, 6]], constants: [1: indices(3, 4), 2: indices(2, 2)])
    let sparse = try TestNode(
      "Col2Im", ["strides": .ints([2, 1]), "pads": .ints([1, 0, 0, 2]), "dilations": .ints([1, 2])])
    try expectAdjoint(sparse, [0: [1, 8, 12]], constants: [1: indices(5, 4), 2: indices(2, 2)])
    try expectAdjoint(try TestNode("Col2Im"), [0: [1, 6, 3]], constants: [1: indices(4, 3, 1), 2: indices(2, 3, 1)])
  }

  /// By hand: blocks of 2 on an image of 3; the middle is covered twice.
  @Test func otherTypes() throws {
    let node = try TestNode("Col2Im")
    let x = Tensor([200, 3, 100, 4] as [UInt8], shape: [1, 2, 2])
    #expect(try node.run([x, indices(3), indices(2)], extentsAreKnown: false)[0].tensor?.integers == [200, 103, 4])
    let truths = Tensor([false, true, false, false], shape: [1, 2, 2])
    #expect(try node.result(truths, indices(3), indices(2)).integers == [0, 1, 0])
  }

  @Test func refusals() throws {
    let node = try TestNode("Col2Im")
    expectRefusal("6 blocks of [2, 2] lie on an image of [3, 4], and operand 0 has 5") {
      _ = try node.folded([zeros(1, 4, 5), indices(3, 4), indices(2, 2)])
    }
    expectRefusal("no multiple of the 4 elements") { try node.folded([zeros(1, 6, 6), indices(3, 4), indices(2, 2)]) }
    expectRefusal("does not fit into an image") { try node.folded([zeros(1, 4, 6), indices(1, 4), indices(2, 2)]) }
    expectRefusal("as many extents of a block") { try node.folded([zeros(1, 4, 6), indices(3, 4), indices(2)]) }
    expectRefusal("no extents of an image") { try node.folded([zeros(1, 4, 6), indices(3, -4), indices(2, 2)]) }
    expectRefusal("too large") { try node.run([zeros(1, 4, 6), indices(3, .max), indices(2, 2)]) }
    expectRefusal("negative, 0 or too large") { try node.folded([zeros(1, 4, 6), indices(3, 4), indices(2, 0)]) }
    expectRefusal("[N, C · taps, blocks]") { try node.folded([zeros(4, 6), indices(3, 4), indices(2, 2)]) }
    expectRefusal("negative, 0 or too large") {
      _ = try TestNode("Col2Im", ["strides": .ints([0, 1])]).folded([zeros(1, 4, 6), indices(3, 4), indices(2, 2)])
    }
  }
}
