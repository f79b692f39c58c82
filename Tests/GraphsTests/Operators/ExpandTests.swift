import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct ExpandTests {
  @Test(arguments: try OperatorCase.load("Expand")) func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test(arguments: try OperatorCase.load("Expand", from: "Gradients")) func gradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase)
  }

  @Test func adjoint() throws {
    let node = try TestNode("Expand")
    try expectAdjoint(node, [0: [3, 1, 2]], constants: [1: indices(2, 1, 4, 1)])
    try expectAdjoint(node, [0: []], constants: [1: indices(2, 3)])
    try expectAdjoint(node, [0: [1, 3]], constants: [1: indices(0, 1)])
  }

  @Test func refusals() throws {
    let node = try TestNode("Expand")
    expectRefusal("an extent is negative") { try node.folded([zeros(2), indices(-1)]) }
    expectRefusal("must hold integers") { try node.folded([zeros(2), zeros(1)]) }
    expectRefusal("shape is missing") { try node.folded([zeros(2)]) }
    expectRefusal("do not broadcast") { try node.folded([zeros(2), indices(3)]) }
    expectRefusal("more elements than can be counted") { try node.folded([zeros(1, 1), indices(.max, .max)]) }
    expectRefusal("more than the") { try node.run([zeros(1), indices(1 << 46)]) }
  }
}
