import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct SqueezeTests {
  @Test(arguments: try OperatorCase.load("Squeeze")) func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test(arguments: try OperatorCase.load("Squeeze", from: "Gradients")) func gradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase)
  }

  @Test func refusals() throws {
    let node = try TestNode("Squeeze")
    expectRefusal("extent is not 1") { try node.folded([zeros(1, 2), indices(1)]) }
    expectRefusal("axis 2 does not exist") { try node.folded([zeros(1, 2), indices(2)]) }
    expectRefusal("named twice") { try node.folded([zeros(1, 2), indices(0, -2)]) }
    expectRefusal("3 axes to drop") { try node.run([zeros(1, 2), indices(0, 0, 0)]) }
    expectRefusal("must hold integers") { try node.folded([zeros(1, 2), zeros(1)]) }
    expectRefusal("extent is not 1") { try node.run([zeros(1, 2, 3), indices(1)]) }
  }
}
