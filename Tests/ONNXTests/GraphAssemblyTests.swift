import CarpusGraphs
import CarpusONNX
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct GraphAssemblyTests {
  private func imported(_ graph: WireMessage) throws -> Graph {
    try ONNXDocument(try ONNXFile.read(bytes: Wire.model(graph).bytes)).graph()
  }

  private let two = [(2, nil)] as [(Int?, String?)]

  @Test func aNodeBecomesAGraph() throws {
    let graph = try imported(
      Wire.graph(nodes: [Wire.node("Relu")]).message(11, Wire.value("x", type: 1, two)).message(12, Wire.value("y", type: 1, two)))
    #expect(graph.nodes.count == 1 && graph.inputs.map(\.name) == ["x"])
  }

  @Test func anInputIsDeclaredOnce() throws {
    let twice = Wire.graph(nodes: [Wire.node("Relu")]).message(11, Wire.value("x", type: 1, two)).message(11, Wire.value("x", type: 7, two))
    #expect { try imported(twice.message(12, Wire.value("y", type: 1, two))) } throws: {
      "\($0)" == "the graph has two inputs 'x'"
    }
  }

  /// Old files list their initializers as inputs; a constant is no input then.
  @Test func anInitializerIsNoInput() throws {
    let weights = Wire.tensor("x", type: 1, [2]).bytes(9, [Float(1), -2].flatMap { littleEndian($0.bitPattern) })
    let graph = try imported(
      Wire.graph(initializers: [weights], nodes: [Wire.node("Relu")]).message(11, Wire.value("x", type: 1, two))
        .message(12, Wire.value("y", type: 1, two)))
    #expect(graph.inputs.isEmpty)
    #expect(graph.constant(try graph.value(named: "y"))?.doubles == [1, 0])
  }
}
