import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct TanhTests {
  @Test(arguments: try OperatorCase.load("Tanh"))
  func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test(arguments: try OperatorCase.load("Tanh", from: "Gradients")) func gradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase)
  }
}
