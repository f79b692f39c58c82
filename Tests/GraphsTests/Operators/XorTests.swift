import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct XorTests {
  @Test func results() throws {
    let node = try TestNode("Xor")
    let a = Tensor([true, true, false, false]), b = Tensor([true, false, true, false])
    #expect(try node.result(a, b).integers == [0, 1, 1, 0])
    #expect(try node.result(Tensor([true, false], shape: [2, 1]), Tensor([true, false])).integers == [0, 1, 1, 0])
  }

  @Test func refusesWhatDoesNotFit() throws {
    let node = try TestNode("Xor")
    #expect(throws: OperatorError.self) { try node.types((.bool, [2]), (.uint8, [2])) }
    #expect(throws: OperatorError.self) { try node.types((.bool, [2]), (.bool, [3])) }
  }
}
