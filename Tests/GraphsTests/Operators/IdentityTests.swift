import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct IdentityTests {
  @Test(arguments: try OperatorCase.load("Identity")) func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test(arguments: try OperatorCase.load("Identity", from: "Gradients")) func gradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase)
  }

  @Test func leavesNoNode() throws {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float32, .unknown))
    #expect(try builder.add(try TestNode("Identity").op, x) == x)
  }

  @Test func refusals() throws {
    expectRefusal("operand 0 is missing") { try TestNode("Identity").folded([nil]) }
  }
}
