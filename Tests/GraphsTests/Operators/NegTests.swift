import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct NegTests {
  @Test func results() throws {
    let node = try TestNode("Neg")
    #expect(try node.result(Tensor([1.0, -2, .infinity])).doubles == [-1, 2, -.infinity])
    #expect(try node.result(Tensor([0.0])).doubles[0].sign == .minus)
    #expect(try node.result(Tensor([5, -3, Int64.min])).integers == [-5, 3, Int.min])
    #expect(try node.result(Tensor([-128, 127] as [Int8])).integers == [-128, -127])
  }

  @Test func gradients() throws {
    let node = try TestNode("Neg")
    #expect(try node.gradients(Tensor([0.5, 2]), seed: Tensor([1.0, -3]))[0] == [-1, 3])
  }

  @Test func refusesTruthValues() throws {
    #expect(throws: OperatorError.self) { try TestNode("Neg").types((.bool, [2])) }
  }
}
