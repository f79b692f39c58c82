import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct IntegerProductTests {
  /// Hand-computed: 3 · [130, 255] and so on; sums beyond 16 bits.
  @Test func matrices() throws {
    let a = Tensor([255, 255, 0, 1] as [UInt8], shape: [2, 2]), b = Tensor([-128, 127, -128, 3] as [Int8], shape: [2, 2])
    let node = try TestNode("MatMulInteger", operands: 4)
    #expect(try node.result(a, b).integers == [-65280, 33150, -128, 3])
    #expect(try node.result(a, b, Tensor([255, 1] as [UInt8]), Tensor([2, 3] as [Int8])).integers == [0, 0, 130, -124])
  }

  /// 40 000 products of 255² are 2.6e9 and wrap around.
  @Test func sumsWrapAround() throws {
    let a = Tensor([UInt8](repeating: 255, count: 40_000), shape: [1, 40_000]), b = a.reshaped([40_000, 1])
    #expect(try TestNode("MatMulInteger").result(a, b).integers == [Int(Int32(truncatingIfNeeded: 40_000 * 255 * 255))])
  }

  @Test func convolutionPadsWithTheZeroPoint() throws {
    let x = Tensor([10, 12, 14] as [UInt8], shape: [1, 1, 3]), w = Tensor([1, 2, 3, -1, 0, 1] as [Int8], shape: [2, 1, 3])
    let node = try TestNode("ConvInteger", ["pads": .ints([1, 1])], operands: 4)
    #expect(try node.result(x, w, Tensor(scalar: UInt8(10))).integers == [6, 16, 10, 2, 4, -2])
    // With the zero points 1 and −1 of the two kernels: [0, 1, 2] and [0, 1, 2].
    #expect(try node.result(x, w, Tensor(scalar: UInt8(10)), Tensor([1, -1] as [Int8])).integers == [4, 10, 4, 4, 10, 4])
  }

  @Test func convolutionInEachChannelsScale() throws {
    let x = Tensor([10, 12, 14] as [UInt8], shape: [1, 1, 3]), w = Tensor([1, 2] as [Int8], shape: [2, 1, 1])
    let y = try TestNode("QLinearConv", operands: 9).result(
      x, Tensor(scalar: Float(0.5)), Tensor(scalar: UInt8(12)), w, Tensor([1, 0.5] as [Float]), Tensor([0, 0] as [Int8]), Tensor(scalar: Float(1)),
      Tensor(scalar: UInt8(128)), Tensor([3, 1] as [Int32]))
    // (x − 12 + 3) / 2 and (2 (x − 12) + 1) / 4, halves to even.
    #expect(y.integers == [128, 130, 130, 127, 128, 129])
  }

  @Test func matricesOfEightBitNumbers() throws {
    let a = Tensor([1, -2, 0.5, 3] as [Float], shape: [2, 2]).converted(to: .float8e4m3fn), one = Tensor(scalar: Float(1))
    let zero = Tensor(scalar: Float(0)).converted(to: .float8e4m3fn)
    let y = try TestNode("QLinearMatMul", operands: 8).result(a, one, zero, a, one, zero, one, zero)
    #expect(y.doubles == [0, -8, 2, 8])
  }

  @Test func refusals() throws {
    let a = Tensor([1, 2] as [UInt8], shape: [1, 2])
    expectRefusal("A must be of int8 or uint8, not float32") { try TestNode("MatMulInteger").folded([zeros(1, 2), a]) }
    expectRefusal("2 columns, 1 rows") { try TestNode("MatMulInteger").folded([a, a]) }
    expectRefusal("does not broadcast") {
      try TestNode("MatMulInteger", operands: 3).folded([a, a.reshaped([2, 1]), Tensor([1, 2, 3] as [UInt8])])
    }
    expectRefusal("must have one element or 2") {
      try TestNode("ConvInteger", operands: 4).folded([
        a.reshaped([1, 1, 2]), Tensor([1, 2] as [UInt8], shape: [2, 1, 1]), nil, Tensor([1, 2, 3] as [UInt8]),
      ])
    }
    let one = Tensor(scalar: Float(1)), zero = Tensor(scalar: UInt8(0))
    expectRefusal("B must be of int32") {
      try TestNode("QLinearConv", operands: 9).folded([a.reshaped([1, 1, 2]), one, zero, a.reshaped([2, 1, 1]), one, zero, one, zero, zeros(2)])
    }
  }
}
