import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct ArenaTests {
  /// A ladder of sums in which values live for different times: reused memory must not show.
  @Test func reusedMemoryDoesNotShow() throws {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<20 {
      var builder = GraphBuilder()
      var values = [builder.input("x", ValueType(.float64, [Int.random(in: 1...40, using: &generator)]))]
      var coefficients = [1.0]
      for _ in 0..<30 {
        let i = Int.random(in: 0..<values.count, using: &generator), j = Int.random(in: 0..<values.count, using: &generator)
        values.append(try builder.add(Add(), values[i], values[j]))
        coefficients.append(coefficients[i] + coefficients[j])
      }
      let picked = Array(values.indices.shuffled(using: &generator).prefix(3))
      let graph = builder.finished(outputs: picked.map { NamedValue(name: "v\($0)", value: values[$0]) })
      guard case .tensor(let type) = graph.type(of: values[0]), let shape = type.shape.shape else { continue }
      let x = (0..<shape.count).map { Double($0 + 1) }
      let workspace = Workspace(try Plan(graph))
      for _ in 0..<2 {
        let results = try workspace.run(["x": Tensor(x)])
        for (index, result) in zip(picked, results) { #expect(result.tensor?.doubles == x.map { $0 * coefficients[index] }) }
      }
    }
  }

  @Test func theArenaIsSmallerThanTheSumOfItsValues() throws {
    var builder = GraphBuilder()
    var value = builder.input("x", ValueType(.float32, [1000]))
    for _ in 0..<50 { value = try builder.add(Add(), value, value) }
    let plan = try Plan(builder.finished(outputs: [NamedValue(name: "y", value: value)]))
    #expect(plan.workspaceByteCount <= 3 * 4096)
  }

  @Test func resultsOfARunAreNotChangedByTheNext() throws {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float32, [2]))
    let y = try builder.add(Add(), x, x)
    let workspace = Workspace(try Plan(builder.finished(outputs: [NamedValue(name: "y", value: y)])))
    let first = try workspace.run(["x": Tensor([1, 2] as [Float])])
    _ = try workspace.run(["x": Tensor([10, 20] as [Float])])
    #expect(first[0].tensor?.doubles == [2, 4])
  }

  @Test func inputsAreChecked() throws {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float32, [2]))
    let workspace = Workspace(try Plan(builder.finished(outputs: [NamedValue(name: "y", value: x)])))
    #expect(throws: GraphError.self) { try workspace.run([:]) }
    #expect(throws: GraphError.self) { try workspace.run(["x": Tensor([1, 2, 3] as [Float])]) }
    #expect(throws: GraphError.self) { try workspace.run(["x": Tensor([1, 2] as [Double])]) }
  }
}
