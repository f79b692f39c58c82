import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct HardSigmoidTests {
  @Test(arguments: try OperatorCase.load("HardSigmoid"))
  func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  /// The function bends at both of its ends.
  @Test(arguments: try OperatorCase.load("HardSigmoid", from: "Gradients")) func gradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase, differences: operatorCase.name != "on the kinks")
  }

  @Test func refusesAttributesOfAnotherKind() {
    #expect(throws: OperatorError.attribute("attribute alpha must be a number, not an integer")) {
      try TestNode("HardSigmoid", ["alpha": .int(1)])
    }
  }
}
