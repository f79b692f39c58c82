import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct MulTests {
  @Test(arguments: try OperatorCase.load("Mul"))
  func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test(arguments: try OperatorCase.load("Mul", from: "Gradients")) func gradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase)
  }

  @Test func integersWrapAround() throws {
    #expect(try TestNode("Mul").result(Tensor([Int64.max]), Tensor([2] as [Int64])).integers == [-2])
  }
}
