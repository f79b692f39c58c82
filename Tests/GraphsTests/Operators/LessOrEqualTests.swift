import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct LessOrEqualTests {
  @Test func results() throws {
    let node = try TestNode("LessOrEqual")
    #expect(try node.result(Tensor([1.0, 2, 3, .nan]), Tensor(scalar: 2.0)).integers == [1, 1, 0, 0])
    #expect(try node.result(Tensor([Int64.max - 1, Int64.max]), Tensor([Int64.max, Int64.max - 1])).integers == [1, 0])
    #expect(try node.result(Tensor([1, 2] as [Int32], shape: [2, 1]), Tensor([1, 2] as [Int32])).integers == [1, 1, 0, 1])
    #expect(try node.result(Tensor([100, 200] as [UInt8]), Tensor([200, 100] as [UInt8])).integers == [1, 0])
    #expect(try node.result(Tensor([-0.5, 2] as [Float16]), Tensor([0, 1] as [Float16])).integers == [1, 0])
  }

  @Test func refusesWhatDoesNotFit() throws {
    let node = try TestNode("LessOrEqual")
    #expect(throws: OperatorError.self) { try node.types((.float32, [2]), (.float64, [2])) }
    #expect(throws: OperatorError.self) { try node.types((.float32, [2]), (.float32, [3])) }
    #expect(throws: OperatorError.operands("truth values have no order")) { try node.types((.bool, [2]), (.bool, [2])) }
  }
}
