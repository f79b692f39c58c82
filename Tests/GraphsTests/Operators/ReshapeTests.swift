import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct ReshapeTests {
  @Test(arguments: try OperatorCase.load("Reshape")) func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test(arguments: try OperatorCase.load("Reshape", from: "Gradients")) func gradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase)
  }

  @Test func refusals() throws {
    let node = try TestNode("Reshape")
    expectRefusal("do not fit") { try node.folded([zeros(2, 3), indices(4)]) }
    expectRefusal("do not fit") { try node.folded([zeros(2, 3), indices(-1, 4)]) }
    expectRefusal("is no shape") { try node.folded([zeros(2, 3), indices(-1, -1)]) }
    expectRefusal("does not have") { try node.folded([zeros(2, 3), indices(2, 3, 0)]) }
    expectRefusal("do not fit") { try node.run([zeros(2, 3), indices(7)]) }
    expectRefusal("must hold integers") { try node.folded([zeros(2, 3), zeros(0)]) }
    expectRefusal("shape is missing") { try node.folded([zeros(2, 3)]) }
  }
}
