import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct DivTests {
  @Test(arguments: try OperatorCase.load("Div"))
  func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test(arguments: try OperatorCase.load("Div", from: "Gradients")) func gradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase)
  }

  @Test func refusesIntegersDividedByZero() throws {
    let node = try TestNode("Div")
    #expect(throws: GraphError.self) { try node.result(Tensor([1, 2] as [Int32]), Tensor([1, 0] as [Int32])) }
    var builder = GraphBuilder()
    let one = builder.constant(Tensor(scalar: 1 as UInt8)), nothing = builder.constant(Tensor(scalar: 0 as UInt8))
    #expect(throws: OperatorError.operands("the integer 1 is divided by 0")) { try builder.add(node.op, [one, nothing]) }
  }

  @Test func leastIntegerDividedByMinusOneWrapsAround() throws {
    #expect(try TestNode("Div").result(Tensor([Int64.min]), Tensor([-1] as [Int64])).integers == [Int.min])
  }
}
