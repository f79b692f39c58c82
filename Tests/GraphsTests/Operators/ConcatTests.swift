import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct ConcatTests {
  @Test(arguments: try OperatorCase.load("Concat")) func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test(arguments: try OperatorCase.load("Concat", from: "Gradients")) func gradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase)
  }

  @Test func refusals() throws {
    let node = try TestNode("Concat", ["axis": .int(1)], operands: 2)
    expectRefusal("does not fit") { try node.folded([zeros(1, 2), zeros(2, 2)]) }
    expectRefusal("rank 2 and 3") { try node.folded([zeros(1, 2), zeros(1, 2, 1)]) }
    expectRefusal("one element type") { try node.folded([zeros(1, 2), Tensor(zeros: .int64, shape: [1, 2])]) }
    expectRefusal("axis 1 does not exist") { try node.folded([zeros(2), zeros(2)]) }
    expectRefusal("operand 1 is missing") { try node.folded([zeros(1, 2), nil, zeros(1, 2)]) }
    expectRefusal("attribute axis is missing") { try TestNode("Concat", operands: 2) }
  }

  @Test func oneOperandIsForwarded() throws {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float32, .unknown))
    #expect(try builder.add(try TestNode("Concat", ["axis": .int(0)]).op, x) == x)
  }

  @Test func lengthsThatCannotBeAdded() throws {
    let op = try TestNode("Concat", ["axis": .int(0)], operands: 2).op
    let longest = OperandInfo(type: ValueType(.float32, PartialShape([Int.max])))
    expectRefusal("longer than can be counted") { try op.resultTypes(for: [longest, longest]) }
  }
}
