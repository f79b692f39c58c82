import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct DropoutTests {
  @Test(arguments: try OperatorCase.load("Dropout")) func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test(arguments: try OperatorCase.load("Dropout", from: "Gradients")) func gradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase)
  }

  @Test func trainingIsRefused() throws {
    let node = try TestNode("Dropout", operands: 3)
    let half = Tensor(scalar: Float(0.5)), none = Tensor(scalar: Float(0)), yes = Tensor(scalar: true)
    expectRefusal("for training") { try node.folded([zeros(2), half, yes]) }
    expectRefusal("for training") { try node.folded([zeros(2), nil, yes]) }
    expectRefusal("for training") { try node.run([zeros(2), half, yes]) }
    #expect(try node.folded([zeros(2), none, yes]) == [ValueType(.float32, [2])])
    #expect(try node.run([zeros(2), none, yes])[0].tensor?.array(of: Float.self) == [0, 0])
  }

  @Test func oldVersions() throws {
    expectRefusal("for training") { try TestNode("Dropout", opset: 6).folded([zeros(2)]) }
    #expect(try TestNode("Dropout", opset: 6, ["is_test": .int(1)]).folded([zeros(2)]) == [ValueType(.float32, [2])])
    let masked = try TestNode("Dropout", opset: 7, results: 2).run([zeros(2)])
    #expect(masked[1].tensor?.array(of: Float.self) == [1, 1])
  }

  @Test func leavesNoNode() throws {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float32, .unknown))
    #expect(try builder.add(try TestNode("Dropout").op, x) == x)
  }
}
