import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct UnknownExtentTests {
  /// The shape of the result is known beforehand, whether the operands fit is not.
  @Test func operandsAreCheckedInTheRun() throws {
    var builder = GraphBuilder()
    let a = builder.input("a", ValueType(.float64, [2, nil])), b = builder.input("b", ValueType(.float64, [nil, 3]))
    let y = try builder.add(try TestNode("MatMul").op, a, b)
    let workspace = Workspace(try Plan(builder.finished(outputs: [NamedValue(name: "y", value: y)])))
    #expect(throws: GraphError.self) { try workspace.run(["a": randomTensor([2, 4], seed: 1), "b": randomTensor([5, 3], seed: 1)]) }
  }
}
