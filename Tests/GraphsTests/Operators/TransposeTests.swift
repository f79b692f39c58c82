import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct TransposeTests {
  @Test(arguments: try OperatorCase.load("Transpose")) func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test(arguments: try OperatorCase.load("Transpose", from: "Gradients")) func gradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase)
  }

  @Test(arguments: [[0, 0], [1, 2], [-1, 0], [Int.max, 0]]) func notAPermutation(_ order: [Int]) {
    expectRefusal("every axis once") { try TestNode("Transpose", ["perm": .ints(order)]) }
  }

  @Test func wrongRank() throws {
    let node = try TestNode("Transpose", ["perm": .ints([1, 0])])
    expectRefusal("names 2 axes") { try node.folded([zeros(1, 2, 3)]) }
  }

  @Test func unchangedOrderIsForwarded() throws {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float32, [nil, 3]))
    let op = try TestNode("Transpose", ["perm": .ints([0, 1])]).op
    #expect(try builder.add(op, x) == x)
  }
}
