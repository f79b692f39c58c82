import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct UnsqueezeTests {
  @Test(arguments: try OperatorCase.load("Unsqueeze")) func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test(arguments: try OperatorCase.load("Unsqueeze", from: "Gradients")) func gradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase)
  }

  @Test func refusals() throws {
    let node = try TestNode("Unsqueeze")
    expectRefusal("axis 3 does not exist") { try node.folded([zeros(1, 2), indices(3)]) }
    expectRefusal("named twice") { try node.folded([zeros(1, 2), indices(0, -4)]) }
    expectRefusal("are missing") { try node.folded([zeros(1, 2)]) }
    expectRefusal("axis 9 does not exist") { try node.run([zeros(1, 2), indices(9)]) }
  }
}
