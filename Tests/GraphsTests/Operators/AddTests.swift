import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct AddTests {
  @Test(arguments: try OperatorCase.load("Add"))
  func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test(arguments: try OperatorCase.load("Add", from: "Gradients")) func gradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase)
  }

  @Test func integersWrapAround() throws {
    #expect(try TestNode("Add").result(Tensor([Int8.max]), Tensor([1] as [Int8])).integers == [-128])
  }
}
