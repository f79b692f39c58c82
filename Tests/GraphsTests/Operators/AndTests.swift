import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct AndTests {
  @Test func results() throws {
    let node = try TestNode("And")
    let a = Tensor([true, true, false, false]), b = Tensor([true, false, true, false])
    #expect(try node.result(a, b).integers == [1, 0, 0, 0])
    #expect(try node.result(Tensor([true, false], shape: [2, 1]), Tensor([true, false])).integers == [1, 0, 0, 0])
    #expect(try node.types((.bool, [0, 1]), (.bool, [3])) == [ValueType(.bool, [0, 3])])
  }

  @Test func refusesWhatDoesNotFit() throws {
    let node = try TestNode("And")
    #expect(throws: OperatorError.self) { try node.types((.bool, [2]), (.uint8, [2])) }
    #expect(throws: OperatorError.self) { try node.types((.bool, [2]), (.bool, [3])) }
    #expect(throws: GraphError.self) { try node.result(Tensor([true, true, true]), Tensor([true, false]), shapes: [[3], [nil]]) }
  }
}
