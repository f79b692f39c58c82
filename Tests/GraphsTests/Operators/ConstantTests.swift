import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct ConstantTests {
  @Test(arguments: try OperatorCase.load("Constant")) func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test func leavesNoNode() throws {
    var builder = GraphBuilder()
    let value = try builder.add(try TestNode("Constant", ["value_int": .int(3)], operands: 0).op)
    #expect(builder.constant(value)?.integers == [3])
    #expect(builder.finished(outputs: []).nodes.isEmpty)
  }

  @Test func holdsText() throws {
    var builder = GraphBuilder()
    let one = try builder.add(try TestNode("Constant", ["value_string": .string("ß")], operands: 0).op)
    let two = try builder.add(try TestNode("Constant", ["value_strings": .strings(["a", ""])], operands: 0).op)
    #expect(builder.constant(one)?.texts == ["ß"] && builder.constant(one)?.shape == [])
    #expect(builder.constant(two)?.texts == ["a", ""])
  }

  @Test func refusals() {
    expectRefusal("one value, and this has 0") { try TestNode("Constant") }
    expectRefusal("one value, and this has 2") { try TestNode("Constant", ["value_int": .int(3), "value_float": .float(1)]) }
    expectRefusal("sparse_value") { try TestNode("Constant", ["sparse_value": .unsupported(kind: "a sparse tensor")]) }
    expectRefusal("must be a tensor") { try TestNode("Constant", ["value": .int(3)]) }
  }
}
