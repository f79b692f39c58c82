import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct DepthToSpaceTests {
  @Test(arguments: ["DCR", "CRD"]) func gradients(_ mode: String) throws {
    let attributes: [String: AttributeValue] = ["blocksize": .int(2), "mode": .string(mode)]
    try expectAdjoint(try TestNode("DepthToSpace", attributes), [0: [2, 8, 2, 3]])
    try expectAdjoint(try TestNode("SpaceToDepth", opset: 28, attributes), [0: [2, 3, 4, 6]])
  }

  /// onnxruntime: `arange(8)`.
  @Test func oldVersions() throws {
    let x = Tensor((0..<8).map(Float.init), shape: [1, 8, 1, 1])
    #expect(try TestNode("DepthToSpace", opset: 1, ["blocksize": .int(2)]).result(x).doubles == [0, 2, 4, 6, 1, 3, 5, 7])
    let spread = try TestNode("SpaceToDepth", opset: 13, ["blocksize": .int(2)]).result(x.reshaped([1, 2, 2, 2]))
    #expect(spread.shape == [1, 8, 1, 1])
    #expect(spread.doubles == [0, 4, 1, 5, 2, 6, 3, 7])
  }

  @Test func refusals() throws {
    expectRefusal("no multiple of 4") { try TestNode("DepthToSpace", ["blocksize": .int(2)]).folded([zeros(1, 6, 1, 1)]) }
    expectRefusal("no multiple of 2") { try TestNode("SpaceToDepth", ["blocksize": .int(2)]).folded([zeros(1, 6, 2, 3)]) }
    expectRefusal("[N, C, H, W]") { try TestNode("SpaceToDepth", ["blocksize": .int(2)]).folded([zeros(6, 2, 2)]) }
    expectRefusal("blocksize must be positive") { try TestNode("DepthToSpace", ["blocksize": .int(0)]) }
    expectRefusal("blocksize is missing") { try TestNode("DepthToSpace") }
    expectRefusal("mode must be") { try TestNode("DepthToSpace", ["blocksize": .int(2), "mode": .string("RCD")]) }
    let large = try TestNode("DepthToSpace", ["blocksize": .int(1 << 19)])
    expectRefusal("times") { try large.types((.float32, [1, 0, 1 << 50, 1])) }
  }
}
