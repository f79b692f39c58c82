import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct HardSwishTests {
  @Test(arguments: try OperatorCase.load("HardSwish"))
  func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  /// The function bends at ±3.
  @Test(arguments: try OperatorCase.load("HardSwish", from: "Gradients")) func gradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase, differences: operatorCase.name != "on the kinks")
  }

  @Test func isNewInVersion14() { #expect(OperatorCatalog.type(domain: "", name: "HardSwish", opset: 13) == nil) }
}
