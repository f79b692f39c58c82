import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct SqrtTests {
  @Test(arguments: try OperatorCase.load("Sqrt"))
  func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  /// At 0 the slope is infinite.
  @Test(arguments: try OperatorCase.load("Sqrt", from: "Gradients")) func gradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase, differences: operatorCase.name != "at zero")
  }
}
