import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct ExpTests {
  @Test(arguments: try OperatorCase.load("Exp"))
  func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test(arguments: try OperatorCase.load("Exp", from: "Gradients")) func gradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase)
  }
}
