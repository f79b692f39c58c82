import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct SubTests {
  @Test(arguments: try OperatorCase.load("Sub"))
  func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test(arguments: try OperatorCase.load("Sub", from: "Gradients")) func gradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase)
  }

  @Test func integersWrapAround() throws {
    #expect(try TestNode("Sub").result(Tensor([0] as [UInt8]), Tensor([1] as [UInt8])).integers == [255])
  }
}
