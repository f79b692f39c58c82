import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct ErfTests {
  @Test(arguments: try OperatorCase.load("Erf"))
  func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test(arguments: try OperatorCase.load("Erf", from: "Gradients")) func gradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase)
  }
}
