import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct DifferentiationTests {
  @Test func gradientsOfAllPathsAreSummed() throws {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float64, [2]))
    let twice = try builder.add(Add(), x, x)
    let y = try builder.add(Add(), twice, x)
    let graph = builder.finished(outputs: [NamedValue(name: "y", value: y)])
    let gradients = try graph.gradients(of: y, seed: Tensor([1.0, 10]), withRespectTo: [x, twice], for: ["x": Tensor([5.0, 7])])
    #expect(gradients.map(\.doubles) == [[3, 30], [1, 10]])
  }

  @Test func whatDoesNotContributeHasAGradientOfZero() throws {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float32, [2])), z = builder.input("z", ValueType(.float32, [3]))
    let y = try builder.add(Add(), x, x)
    let graph = builder.finished(outputs: [NamedValue(name: "y", value: y)])
    let (differentiated, gradients) = try graph.differentiating(y, seed: Tensor([1, 1] as [Float]), withRespectTo: [z])
    #expect(differentiated.constant(gradients[0])?.doubles == [0, 0, 0])
  }

  @Test func theSeedPicksAnIndexOfTheLastAxis() throws {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float32, [2, 3]))
    let graph = builder.finished(outputs: [NamedValue(name: "y", value: x)])
    #expect(try graph.seed(of: x, index: 1).doubles == [0, 1, 0, 0, 1, 0])
    #expect(throws: GraphError.self) { try graph.seed(of: x, index: 3) }
    #expect(throws: GraphError.self) { try graph.seed(of: x, index: -1) }
  }

  @Test func integersHaveNoGradient() throws {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.int64, [2]))
    let graph = builder.finished(outputs: [NamedValue(name: "y", value: x)])
    #expect(throws: GraphError.self) { try graph.differentiating(x, seed: Tensor([1, 1] as [Int64]), withRespectTo: [x]) }
  }
}
