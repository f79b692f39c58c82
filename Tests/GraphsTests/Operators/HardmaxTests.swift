import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

/// Places of extrema; the standard's cases have neither NaN nor old versions.
@Suite struct HardmaxTests {
  @Test func axes() throws {
    let x = Tensor([1, 3, 3, 0, 2, 2, 2, .nan, 9] as [Float], shape: [3, 3])
    #expect(try TestNode("Hardmax").result(x).doubles == [0, 1, 0, 0, 1, 0, 0, 1, 0])
    #expect(try TestNode("Hardmax", ["axis": .int(0)]).result(x).doubles == [0, 0, 0, 0, 0, 0, 1, 1, 1])
    // All axes from `axis` on are one.
    #expect(try TestNode("Hardmax", opset: 11).result(x.reshaped([1, 3, 3])).doubles == [0, 0, 0, 0, 0, 0, 0, 1, 0])
    #expect(try TestNode("Hardmax", opset: 1, ["axis": .int(2)]).result(x.reshaped([1, 3, 3])).doubles == [0, 1, 0, 0, 1, 0, 0, 1, 0])
    expectRefusal("does not exist") { try TestNode("Hardmax", ["axis": .int(2)]).types((.float32, [3, 3])) }
    expectRefusal("floating-point") { try TestNode("Hardmax").types((.int32, [3])) }
  }

  /// As NumPy's argmin.
  @Test func smallest() throws {
    let x = Tensor([2, 1, 1, 5, .nan, 0] as [Double], shape: [2, 3])
    #expect(try TestNode("ArgMin", ["axis": .int(1)]).result(x).integers == [1, 1])
    #expect(try TestNode("ArgMin", ["axis": .int(-1), "select_last_index": .int(1), "keepdims": .int(0)]).result(x).integers == [2, 1])
    #expect(try TestNode("ArgMin").result(Tensor([3, 200, 2, 2] as [UInt8])).integers == [2])
    #expect(try TestNode("ArgMin").result(Tensor([Int64.max, .min])).integers == [1])
    expectRefusal("none is the smallest") { try TestNode("ArgMin").types((.float32, [0, 2])) }
    expectRefusal("does not exist") { try TestNode("ArgMin", ["axis": .int(3)]).types((.float32, [3])) }
  }
}
