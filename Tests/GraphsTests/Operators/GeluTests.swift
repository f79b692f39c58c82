import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct GeluTests {
  @Test(arguments: try OperatorCase.load("Gelu"))
  func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test(arguments: try OperatorCase.load("Gelu", from: "Gradients")) func gradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase)
  }

  @Test func refusesOtherApproximations() {
    #expect(throws: OperatorError.attribute("attribute approximate must be none or tanh, not erf")) {
      try TestNode("Gelu", opset: 20, ["approximate": .string("erf")])
    }
  }
}
