import CarpusExplanation
import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct ExplainerTests {
  private static func linear() throws -> (SmallNetwork, Value) {
    let network = try SmallNetwork()
    return (network, try network.linear(network.pooled(network.features), [0.8, -0.4], bias: 10))
  }

  @Test func targetsThatThereAreNot() throws {
    let (network, score) = try Self.linear()
    let graph = try network.graph(score)
    expectRefusal("there is no output 'grade'; there are 'score'") { try Explainer(graph, target: Target(output: "grade")) }
    expectRefusal("index 1 is not one of 0…0") { try Explainer(graph, target: Target(output: "score", index: 1)) }
    expectRefusal("index -1") { try Explainer(graph, target: Target(output: "score", index: -1)) }
  }

  @Test func networksThatAreNotExplained() throws {
    let (network, score) = try Self.linear()
    let unknown = network.builder.finished(outputs: [NamedValue(name: "score", value: score)])
    expectRefusal("must be a batch of images") { try Explainer(unknown, target: Target(output: "score")) }
    let other = network.builder.input("other", ValueType(.float64, [1, 1]))
    let graph = try network.graph(try network.add("Add", [:], score, other))
    expectRefusal("one input are explained; this one has 2") { try Explainer(graph, target: Target(output: "score")) }
  }

  @Test func aHeadWithoutAGradient() throws {
    let network = try SmallNetwork()
    let copy = try network.builder.add(Opaque(), network.features)
    let graph = try network.graph(try network.linear(try network.pooled(copy), [1, 1], bias: 0))
    expectRefusal("there is none here") { try Explainer(graph, target: Target(output: "score")) }
  }

  /// `Y = X`, with a gradient that there is no rule for.
  private struct Opaque: Operator {
    static let signature = OperatorSignature("Opaque", domain: "test", operands: 1...1, gradient: .undefined)

    init() {}
    init(_ node: inout NodeReader) throws(OperatorError) {}

    func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { [.tensor(try operands.tensor(0))] }
    func evaluate(_ operands: borrowing Operands, into results: inout Results) { results.set(0, .tensor(operands[0])) }
    func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
      throw .notDifferentiable("there is none here")
    }
  }

  @Test func anImageOfAnotherSize() throws {
    let (network, score) = try Self.linear()
    let explainer = try network.explainer(score)
    expectRefusal("input 'x' takes float64 1×2×2×2") { try explainer.evidence(for: Tensor(zeros: .float64, shape: [1, 2, 3, 2])) }
  }

  @Test func valuesOfATarget() throws {
    let scores = Tensor([1.0, 2, 3, 4, 5, 6], shape: [2, 1, 3])
    #expect(try Target(output: "y", index: 2).values(in: scores, images: 2) == [3, 6])
    expectRefusal("one row of scores for each of 3 images") { try Target(output: "y", index: 0).values(in: scores, images: 3) }
    expectRefusal("3 is not one of 0…2") { try Target(output: "y", index: 3).values(in: scores, images: 2) }
    expectRefusal("-1 is not one of 0…2") { try Target(output: "y", index: -1).values(in: scores, images: 2) }
  }

  @Test func otherOutputsAreGivenToo() throws {
    let (network, score) = try Self.linear()
    let outputs = [NamedValue(name: "maps", value: network.features), NamedValue(name: "score", value: score)]
    let graph = try network.builder.finished(outputs: outputs).specialized(to: ["x": TensorType(.float64, [1, 2, 2, 2])])
    let evidence = try Explainer(graph, target: Target(output: "score")).evidence(for: SmallNetwork.image)
    #expect(evidence.outputs.map(\.name) == ["maps", "score"])
    #expect(evidence.outputs[0].tensor.doubles == [1, 2, 0, 4, 0.5, 0, 3, 2])
  }
}
