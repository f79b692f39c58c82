import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct NotTests {
  @Test(arguments: try OperatorCase.load("Not"))
  func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test func refusesNumbers() throws {
    #expect(throws: OperatorError.operands("operand 0 must be truth values, not int64")) {
      try TestNode("Not").types((.int64, [2]))
    }
  }
}
