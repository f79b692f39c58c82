import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

/// Values whose shapes depend on data are allocated in the run, and given back in it.
@Suite struct DynamicMemoryTests {
  /// `count` tensors of `extent` elements: all of them, or the largest element of each.
  private func graph(of count: Int, atOnce: Bool) throws -> Graph {
    var builder = GraphBuilder()
    let one = builder.input("one", ValueType(.float32, [1])), extent = builder.input("extent", ValueType(.int64, [1] as Shape))
    var values: [Value] = []
    for _ in 0..<count { values.append(try builder.add(try TestNode("Expand").op, one, extent)) }
    let outputs: [Value] = atOnce ? values : try values.map { try builder.add(try TestNode("ReduceMax").op, $0) }
    return builder.finished(outputs: outputs.enumerated().map { NamedValue(name: "y\($0)", value: $1) })
  }

  /// Five tensors of 4000 bytes, and inputs of 12.
  @Test func valuesThatLiveTogetherAreHeldAgainstTheLimit() throws {
    let inputs = ["one": Tensor([7] as [Float]), "extent": Tensor([1000 as Int64])]
    let atOnce = try Plan(try graph(of: 5, atOnce: true))
    #expect(try Workspace(atOnce, memoryLimit: 20_012).run(inputs).count == 5)
    #expect { try Workspace(atOnce, memoryLimit: 20_011).run(inputs) } throws: {
      guard case .tooLarge? = ($0 as? GraphError)?.operatorError else { return false }
      return true
    }
  }

  /// One after another they need the memory of one, in every run.
  @Test func aValueIsGivenBackAfterItsLastUse() throws {
    var builder = GraphBuilder()
    var value = builder.input("one", ValueType(.float32, [1]))
    let extent = builder.input("extent", ValueType(.int64, [1] as Shape))
    for _ in 0..<5 { value = try builder.add(try TestNode("ReduceMax").op, try builder.add(try TestNode("Expand").op, value, extent)) }
    let workspace = Workspace(try Plan(builder.finished(outputs: [NamedValue(name: "y", value: value)])), memoryLimit: 5000)
    for _ in 0..<3 {
      #expect(try workspace.run(["one": Tensor([7] as [Float]), "extent": Tensor([1000 as Int64])])[0].tensor?.doubles == [7])
    }
  }

  @Test func resultsAreRightAndARunLeavesNothingBehind() throws {
    for atOnce in [false, true] {
      let workspace = Workspace(try Plan(try graph(of: 5, atOnce: atOnce)))
      for extent in [3, 5] as [Int64] {
        let results = try workspace.run(["one": Tensor([7] as [Float]), "extent": Tensor([extent])])
        let expected = [Double](repeating: 7, count: atOnce ? Int(extent) : 1)
        for result in results { #expect(result.tensor?.doubles == expected) }
      }
    }
  }
}
