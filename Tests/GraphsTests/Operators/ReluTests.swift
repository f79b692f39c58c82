import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct ReluTests {
  @Test(arguments: try OperatorCase.load("Relu"))
  func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  /// The function bends at 0.
  @Test(arguments: try OperatorCase.load("Relu", from: "Gradients")) func gradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase, differences: operatorCase.name != "on the kinks")
  }

  @Test func refusesTruthValues() throws {
    #expect(throws: OperatorError.self) { try TestNode("Relu").types((.bool, [2])) }
  }
}
