import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct ArgMaxTests {
  @Test func results() throws {
    let x = Tensor([2, 1, 2, 3, 10, 10, 4, .nan, 5], shape: [3, 3])
    func places(_ attributes: [String: AttributeValue], _ x: Tensor) throws -> [Int]? {
      try TestNode("ArgMax", opset: 13, attributes).result(x).integers
    }
    #expect(try places(["axis": .int(1)], x) == [0, 1, 1])
    #expect(try places(["axis": .int(-1), "select_last_index": .int(1)], x) == [2, 2, 1])
    #expect(try places(["keepdims": .int(0)], x) == [2, 2, 1])
    #expect(try places(["axis": .int(0)], Tensor([3, 250, 249] as [UInt8])) == [1])
    #expect(try TestNode("ArgMax", opset: 13, ["keepdims": .int(0)]).result(x).shape == [3])
  }

  @Test func refusals() {
    expectRefusal("axis 1 does not exist") { try TestNode("ArgMax", ["axis": .int(1)]).folded([Tensor([1.0])]) }
    expectRefusal("no elements") { try TestNode("ArgMax").folded([Tensor([] as [Float], shape: [0, 2])]) }
  }
}
