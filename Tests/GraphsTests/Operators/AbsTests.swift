import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct AbsTests {
  @Test func results() throws {
    let node = try TestNode("Abs")
    #expect(try node.result(Tensor([1.0, -2, -.infinity, -0.0])).doubles == [1, 2, .infinity, 0])
    #expect(try node.result(Tensor([5, -3, Int32.min])).integers == [5, 3, -2_147_483_648])
    #expect(try node.result(Tensor([200] as [UInt8])).integers == [200])
  }

  @Test func gradients() throws {
    let node = try TestNode("Abs")
    #expect(try node.gradients(Tensor([0.5, -2, 0]), seed: Tensor([1.0, -3, 7]))[0] == [1, 3, 0])
  }

  @Test func refusesTruthValues() throws {
    #expect(throws: OperatorError.self) { try TestNode("Abs").types((.bool, [2])) }
  }
}
