import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct SigmoidTests {
  @Test(arguments: try OperatorCase.load("Sigmoid"))
  func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test(arguments: try OperatorCase.load("Sigmoid", from: "Gradients")) func gradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase)
  }
}
