import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct ConstantLimitTests {
  /// A chain of sums of constants of 400 bytes each.
  private func chain(_ count: Int, limit: Int) throws -> Graph {
    var builder = GraphBuilder(constantLimit: limit)
    var value = builder.constant(Tensor([Float](repeating: 1, count: 100)))
    for _ in 0..<count { value = try builder.add(Add(), value, value) }
    return builder.finished(outputs: [NamedValue(name: "y", value: value)])
  }

  @Test func foldingStopsWhereTheConstantsFillTheirLimit() throws {
    #expect(try chain(9, limit: 4000).nodes.isEmpty)
    #expect(try chain(10, limit: 4000).nodes.count == 1)
    #expect(try chain(20, limit: 4000).nodes.count == 11)
  }

  @Test func whatIsNotFoldedIsCalculatedInTheRun() throws {
    let graph = try chain(12, limit: 1000)
    #expect(try Workspace(try Plan(graph)).run([:])[0].tensor?.doubles == [Double](repeating: 4096, count: 100))
  }

  @Test func theLimitHoldsForRebuiltGraphs() throws {
    let graph = try chain(12, limit: 1000)
    #expect(try graph.specialized(to: [:]).nodes.count == graph.nodes.count)
    #expect(try graph.extracting(graph.outputs).nodes.count == graph.nodes.count)
  }

  /// The folded values are read last: rebuilding must not fold others before it meets them.
  @Test func rebuildingFoldsNoOthers() throws {
    var builder = GraphBuilder(constantLimit: 1000)
    let shape = builder.constant(Tensor([100 as Int64]))
    let parts = try (0..<9).map { _ in try builder.add(try TestNode("ConstantOfShape").op, shape) }
    let largest = try builder.add(try TestNode("Max").op, parts)[0]
    let graph = builder.finished(outputs: [NamedValue(name: "y", value: largest)])
    #expect(graph.nodes.count == 8)
    #expect(try graph.specialized(to: [:]).nodes.count == 8)
  }
}
