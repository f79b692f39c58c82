import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct GreaterTests {
  @Test func results() throws {
    let node = try TestNode("Greater")
    #expect(try node.result(Tensor([1.0, 2, 3, .nan]), Tensor(scalar: 2.0)).integers == [0, 0, 1, 0])
    #expect(try node.result(Tensor([Int64.max - 1, Int64.max]), Tensor([Int64.max, Int64.max - 1])).integers == [0, 1])
    #expect(try node.result(Tensor([1, 2] as [Int32], shape: [2, 1]), Tensor([1, 2] as [Int32])).integers == [0, 0, 1, 0])
    #expect(try node.result(Tensor([100, 200] as [UInt8]), Tensor([200, 100] as [UInt8])).integers == [0, 1])
    #expect(try node.result(Tensor([-0.5, 2] as [Float16]), Tensor([0, 1] as [Float16])).integers == [0, 1])
  }
}
