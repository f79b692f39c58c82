import CarpusGraphs
import CarpusONNX
import CarpusTensors
import CarpusTestSupport
import Testing

/// Graphs inside nodes: what they take from outside, what is known of them before a run, and gradients through them.
@Suite struct BodyTests {
  private typealias Extents = [(Int?, String?)]

  private func body(_ nodes: [WireMessage], inputs: [String] = [], outputs: [String], initializers: [WireMessage] = []) -> WireMessage {
    let start = inputs.reduce(Wire.graph(initializers: initializers, nodes: nodes)) { $0.message(11, WireMessage().text(1, $1)) }
    return outputs.reduce(start) { $0.message(12, WireMessage().text(1, $1)) }
  }

  private func attribute(_ name: String, _ graph: WireMessage) -> WireMessage { Wire.attribute(name, type: 5).message(6, graph) }

  private func node(_ type: String, _ inputs: [String], _ outputs: [String], _ attributes: [WireMessage] = []) -> WireMessage {
    Wire.node(type, name: outputs.first { !$0.isEmpty } ?? "", from: inputs, to: outputs, attributes)
  }

  /// A model with the inputs `x` (float64 of two elements), `flag` (a truth value) and `count` (an integer), as far as they are wanted.
  private func graph(
    _ nodes: [WireMessage], inputs: [String] = ["x"], outputs: [String] = ["y"], initializers: [WireMessage] = []
  ) throws -> Graph {
    let types: [String: (Int, Extents)] = ["x": (11, [(2, nil)]), "flag": (9, []), "count": (7, [])]
    var graph = Wire.graph(initializers: initializers, nodes: nodes)
    for name in inputs { graph = graph.message(11, Wire.value(name, type: types[name]!.0, types[name]!.1)) }
    for name in outputs { graph = graph.message(12, WireMessage().text(1, name)) }
    return try ONNXDocument(try ONNXFile.read(bytes: Wire.model(graph).bytes)).graph()
  }

  private func sentence(_ nodes: [WireMessage], inputs: [String] = ["x"], initializers: [WireMessage] = []) -> String {
    do { _ = try graph(nodes, inputs: inputs, initializers: initializers) } catch { return "\(error)" }
    return "imported"
  }

  private static let x = Tensor([2.0, -4])

  private func run(_ graph: Graph, _ more: [String: Tensor] = [:]) throws -> [[Double]?] {
    try Workspace(try Plan(graph)).run(["x": Self.x].merging(more) { $1 }).map { $0.tensor?.doubles }
  }

  private func choice(_ condition: String, _ then: WireMessage, _ other: WireMessage, to result: String = "y") -> WireMessage {
    node("If", [condition], [result], [attribute("then_branch", then), attribute("else_branch", other)])
  }

  // MARK: If

  @Test func aBranchTakesValuesFromOutside() throws {
    // The inner choice reads x through the outer one, which does not.
    let inner = choice("flag", body([node("Neg", ["x"], ["n"])], outputs: ["n"]), body([], outputs: ["h"]), to: "i")
    let outer = choice("flag", body([inner], outputs: ["i"]), body([], outputs: ["h"]))
    let whole = try graph([outer, node("Mul", ["x", "x"], ["h"])], inputs: ["x", "flag"])
    #expect(try run(whole, ["flag": Tensor(scalar: true)]) == [[-2, 4]])
    #expect(try run(whole, ["flag": Tensor(scalar: false)]) == [[4, 16]])
  }

  @Test func branchesMayHaveOtherShapes() throws {
    let whole = try graph([choice("flag", body([node("ReduceSum", ["x"], ["s"])], outputs: ["s"]), body([], outputs: ["x"]))], inputs: ["x", "flag"])
    #expect(whole.type(of: whole.outputs[0].value) == ValueType(.float64, [nil]))
    #expect(try run(whole, ["flag": Tensor(scalar: true)]) == [[-2]])
    #expect(try run(whole, ["flag": Tensor(scalar: false)]) == [[2, -4]])
    #expect(
      sentence([choice("flag", body([node("Shape", ["x"], ["s"])], outputs: ["s"]), body([], outputs: ["x"]))], inputs: ["x", "flag"])
        .contains("one branch gives int64 1, the other float64 2"))
  }

  /// A branch that is known stands in the graph itself, and gradients flow through it.
  @Test func aKnownConditionLeavesNoNode() throws {
    let yes = Wire.tensor("yes", type: 9, []).packed(5, [1])
    let whole = try graph(
      [choice("yes", body([node("Mul", ["x", "x"], ["s"])], outputs: ["s"]), body([], outputs: ["x"]))], initializers: [yes])
    #expect(whole.nodes.map(\.operatorName) == ["Mul"])
    let x = try whole.value(named: "x"), y = try whole.value(named: "y")
    let (differentiated, gradients) = try whole.differentiating(y, seed: Tensor([1.0, 1]), withRespectTo: [x])
    let plan = try Plan(differentiated, outputs: [NamedValue(name: "g", value: gradients[0])])
    #expect(try Workspace(plan).run(["x": Self.x])[0].tensor?.doubles == [4, -8])
    let unknown = try graph([choice("flag", body([node("Mul", ["x", "x"], ["s"])], outputs: ["s"]), body([], outputs: ["x"]))], inputs: ["x", "flag"])
    #expect { try unknown.differentiating(try unknown.value(named: "y"), seed: Tensor([1.0, 1]), withRespectTo: [try unknown.value(named: "x")]) } throws: {
      "\($0)".contains("only where what it does is known before the run")
    }
  }

  // MARK: Loop

  /// `(condition, v, s) = (condition, v·x, v)`: powers of x.
  private var powers: WireMessage {
    body([node("Mul", ["v", "x"], ["w"]), node("Identity", ["c"], ["d"]), node("Identity", ["v"], ["s"])], inputs: ["i", "c", "v"], outputs: ["d", "w", "s"])
  }

  @Test func aLoopRunsAsOftenAsItIsTold() throws {
    let whole = try graph([node("Loop", ["count", "", "x"], ["y", "z"], [attribute("body", powers)])], inputs: ["x", "count"], outputs: ["y", "z"])
    #expect(try run(whole, ["count": Tensor(scalar: Int64(3))]) == [[16, 256], [2, -4, 4, 16, 8, -64]])
    #expect(try run(whole, ["count": Tensor(scalar: Int64(0))]) == [[2, -4], []])
    #expect(try run(whole, ["count": Tensor(scalar: Int64(-5))]) == [[2, -4], []])
  }

  @Test func aLoopOfKnownLengthIsUnrolledAndDifferentiated() throws {
    let three = Wire.tensor("three", type: 7, []).packed(7, [3])
    let whole = try graph([node("Loop", ["three", "", "x"], ["y", ""], [attribute("body", powers)])], initializers: [three])
    #expect(!whole.nodes.map(\.operatorName).contains("Loop"))
    #expect(try run(whole) == [[16, 256]])
    let (differentiated, gradients) = try whole.differentiating(
      try whole.value(named: "y"), seed: Tensor([1.0, 1]), withRespectTo: [try whole.value(named: "x")])
    let plan = try Plan(differentiated, outputs: [NamedValue(name: "g", value: gradients[0])])
    // ∂x⁴ = 4x³
    #expect(try Workspace(plan).run(["x": Self.x])[0].tensor?.doubles == [32, -256])
  }

  /// The loop ends by its own condition, and a value grows from one iteration to the next.
  @Test func aValueMayGrow() throws {
    let grow = body(
      [
        node("Concat", ["v", "x"], ["w"], [Wire.attribute("axis", type: 2).number(3, 0)]), node("Size", ["w"], ["n"]),
        node("Less", ["n", "count"], ["d"]), node("Identity", ["i"], ["s"]),
      ], inputs: ["i", "c", "v"], outputs: ["d", "w", "s"])
    let whole = try graph([node("Loop", ["", "", "x"], ["y", "z"], [attribute("body", grow)])], inputs: ["x", "count"], outputs: ["y", "z"])
    #expect(try run(whole, ["count": Tensor(scalar: Int64(7))]) == [[2, -4, 2, -4, 2, -4, 2, -4], [0, 1, 2]])
  }

  @Test func whatALoopCollectsIsBounded() throws {
    let whole = try graph([node("Loop", ["count", "", "x"], ["y", "z"], [attribute("body", powers)])], inputs: ["x", "count"], outputs: ["y", "z"])
    let workspace = Workspace(try Plan(whole), memoryLimit: 4096)
    #expect { try workspace.run(["x": Self.x, "count": Tensor(scalar: Int64.max)]) } throws: { "\($0)".contains("what the loop collects takes more than") }
  }

  @Test func refusals() {
    let loop = { (body: WireMessage) in self.sentence([self.node("Loop", ["count", "", "x"], ["y"], [self.attribute("body", body)])], inputs: ["x", "count"]) }
    #expect(loop(body([], inputs: ["i", "c"], outputs: ["c"])).contains("must be a graph of 3 inputs"))
    #expect(loop(body([node("Neg", ["nothing"], ["w"])], inputs: ["i", "c", "v"], outputs: ["c", "w"])).contains("reads 'nothing', which is no input"))
    #expect(
      loop(body([node("Shape", ["v"], ["w"])], inputs: ["i", "c", "v"], outputs: ["c", "w"])).contains("a value of the loop is float64 2 first and int64 1 later"))
    #expect(loop(body([node("Neg", ["w"], ["u"]), node("Neg", ["u"], ["w"])], inputs: ["i", "c", "v"], outputs: ["c", "w"])).contains("cyclic"))
    #expect(
      sentence([node("If", ["flag"], ["y"], [attribute("then_branch", body([], outputs: ["x"]))])], inputs: ["x", "flag"])
        .contains("then_branch and else_branch are needed"))
  }

  // MARK: Sequences

  @Test func sequencesOfKnownElementsVanish() throws {
    let zero = Wire.tensor("zero", type: 7, []).packed(7, [0])
    let whole = try graph(
      [
        node("SequenceConstruct", ["x", "x"], ["s"]), node("Neg", ["x"], ["n"]), node("SequenceInsert", ["s", "n", "zero"], ["t"]),
        node("SequenceErase", ["t"], ["u"]), node("ConcatFromSequence", ["u"], ["y"], [Wire.attribute("axis", type: 2).number(3, 0)]),
      ], initializers: [zero])
    #expect(try run(whole) == [[-2, 4, 2, -4]])
    #expect(Set(try Plan(whole).graph.nodes.map(\.operatorName)) == ["Neg", "Concat"])
  }

  /// Every iteration writes its result to the same place; the sequence must keep them apart.
  @Test func aSequenceThatALoopFills() throws {
    let fill = body(
      [node("Mul", ["last", "x"], ["next"]), node("SequenceInsert", ["v", "next"], ["w"]), node("Identity", ["c"], ["d"])],
      inputs: ["i", "c", "v", "last"], outputs: ["d", "w", "next"])
    let whole = try graph(
      [
        node("SequenceEmpty", [], ["empty"], [Wire.attribute("dtype", type: 2).number(3, 11)]),
        node("Loop", ["count", "", "empty", "x"], ["s", "l"], [attribute("body", fill)]),
        node("ConcatFromSequence", ["s"], ["y"], [Wire.attribute("axis", type: 2).number(3, 0)]),
      ], inputs: ["x", "count"])
    #expect(try run(whole, ["count": Tensor(scalar: Int64(3))]) == [[4, 16, 8, -64, 16, 256]])
  }

  // MARK: Gradient

  /// `∂(x·h)/∂h` with `h = x·x` given, and with respect to x with h held.
  @Test func aGradientNodeHoldsItsOtherValues() throws {
    let names = { (name: String, values: [String]) in values.reduce(Wire.attribute(name, type: 8)) { $0.text(9, $1) } }
    let gradient = Wire.node(
      "Gradient", domain: "ai.onnx.preview.training", name: "g", from: ["x", "h"], to: ["y", "z"],
      [names("xs", ["x", "h"]), Wire.attribute("y", type: 3).text(4, "p")])
    let whole = try graph([gradient, node("Mul", ["x", "h"], ["p"]), node("Mul", ["x", "x"], ["h"])], outputs: ["y", "z"])
    #expect(try run(whole) == [[4, 16], [2, -4]])
    #expect(
      sentence([Wire.node("Gradient", domain: "ai.onnx.preview.training", name: "g", from: ["x"], to: ["y"], [names("xs", ["x"]), Wire.attribute("y", type: 3).text(4, "q")])])
        .contains("names 'q' as its y, which no node before it computes"))
  }
}
