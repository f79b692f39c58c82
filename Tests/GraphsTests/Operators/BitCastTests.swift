import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct BitCastTests {
  func bits(_ x: Tensor, as dataType: Int) throws -> Tensor { try TestNode("BitCast", opset: 26, ["to": .int(dataType)]).result(x) }

  @Test func bitsStay() throws {
    #expect(try bits(Tensor([1, -2] as [Float]), as: 6).integers == [0x3f80_0000, -0x4000_0000])
    #expect(try bits(Tensor([-1, 7] as [Int8]).converted(to: .int4), as: 21).integers == [15, 7])
    #expect(try bits(Tensor([15, 7] as [UInt8]).converted(to: .uint4), as: 22).integers == [-1, 7])
    #expect(try bits(Tensor([0, 2] as [UInt8]), as: 9).integers == [0, 1])
  }

  @Test func refusals() {
    expectRefusal("there are not as many") { try bits(Tensor([1.0]), as: 1) }
    expectRefusal("there are not as many") { try bits(Tensor(["1"], shape: [1]), as: 1) }
    expectRefusal("attribute to is missing") { try TestNode("BitCast", opset: 26) }
  }
}
