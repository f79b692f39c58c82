import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct FlattenTests {
  @Test(arguments: try OperatorCase.load("Flatten")) func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  @Test(arguments: try OperatorCase.load("Flatten", from: "Gradients")) func gradients(_ operatorCase: OperatorCase) throws {
    try expectGradients(operatorCase)
  }

  @Test(arguments: [-4, 4, Int.min, Int.max]) func axisOutOfRange(_ axis: Int) throws {
    let node = try TestNode("Flatten", ["axis": .int(axis)])
    expectRefusal("axis \(axis)") { try node.run([zeros(1, 2, 3)]) }
  }

  @Test func matrixIsForwarded() throws {
    let node = try TestNode("Flatten")
    #expect((node.op as? any Forwarding)?.forwarded([OperandInfo(zeros(2, 3))], as: [ValueType(.float32, [2, 3])]) == [0])
  }
}
