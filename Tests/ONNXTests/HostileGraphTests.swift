import CarpusGraphs
import CarpusONNX
import CarpusTensors
import CarpusTestSupport
import Testing

/// Small files that stand for much, or that do in the run what nobody could know before, end in a value or a sentence.
@Suite(.timeLimit(.minutes(2))) struct HostileGraphTests {
  private let two = Wire.value("x", type: 1, [(2, nil)])
  private let truth = Wire.value("c", type: 9, [])

  private func named(_ name: String) -> WireMessage { WireMessage().text(1, name) }

  private func node(_ type: String, _ inputs: [String], _ outputs: [String], _ attributes: [WireMessage] = [], name: String = "n") -> WireMessage {
    Wire.node(type, domain: type.hasPrefix("F") ? "f" : "", name: name, from: inputs, to: outputs, attributes)
  }

  private func graph(_ nodes: [WireMessage], from inputs: [WireMessage], to outputs: [String], _ initializers: [WireMessage] = []) -> WireMessage {
    outputs.reduce(inputs.reduce(Wire.graph(initializers: initializers, nodes: nodes)) { $0.message(11, $1) }) { $0.message(12, named($1)) }
  }

  private func attribute(_ name: String, _ graph: WireMessage) -> WireMessage { Wire.attribute(name, type: 5).message(6, graph) }

  private func integers(_ name: String, _ values: [Int], _ extents: [Int]) -> WireMessage { Wire.tensor(name, type: 7, extents).packed(7, values) }

  /// `F…`, from `x` and `c` to `y`.
  private func function(_ name: String, _ nodes: [WireMessage]) -> WireMessage {
    nodes.reduce(WireMessage().text(1, name).text(4, "x").text(4, "c").text(5, "y")) { $0.message(7, $1) }
      .message(9, WireMessage().text(1, "").number(2, 17)).message(9, WireMessage().text(1, "f").number(2, 1)).text(10, "f")
  }

  private func imported(_ graph: WireMessage, functions: [WireMessage] = []) throws -> Graph {
    let model = Wire.model(graph).message(8, WireMessage().text(1, "f").number(2, 1))
    return try ONNXDocument(try ONNXFile.read(bytes: functions.reduce(model) { $0.message(25, $1) }.bytes)).graph()
  }

  /// `If`s in `If`s around a node.
  private func nested(_ depth: Int, _ innermost: WireMessage) -> WireMessage {
    (0..<depth).reduce(innermost) { inner, _ in
      node(
        "If", ["c"], ["y"],
        [attribute("then_branch", graph([inner], from: [], to: ["y"])), attribute("else_branch", graph([node("Neg", ["x"], ["y"])], from: [], to: ["y"]))])
    }
  }

  /// `Loop`s of so many iterations in `Loop`s.
  private func loops(_ depth: Int, from source: String, to target: String) -> WireMessage {
    let own = (source: "s\(depth)", target: "t\(depth)", going: "g\(depth)")
    let inner = depth == 1 ? node("Neg", [own.source], [own.target]) : loops(depth - 1, from: own.source, to: own.target)
    let body = graph(
      [node("Identity", [own.going], [own.going + "'"]), inner], from: [named("i\(depth)"), named(own.going), named(own.source)],
      to: [own.going + "'", own.target])
    return node("Loop", ["M", "", source], [target], [attribute("body", body)])
  }

  @Test func namesInFunctionsAreBounded() {
    let values = (0..<300).map { node("Neg", ["x"], [$0 == 0 ? "y" : "v\($0)"]) }
    let call = node("F", ["x"], ["y"], name: String(repeating: "n", count: 1 << 20))
    expectRefusal("are too long") { try imported(graph([call], from: [two], to: ["y"]), functions: [function("F", values)]) }
  }

  @Test func graphsInGraphsAreBounded() {
    let functions = [function("F", [nested(13, node("F1", ["x", "c"], ["y"]))]), function("F1", [nested(13, node("Neg", ["x"], ["y"]))])]
    expectRefusal("more than 24 deep") {
      try imported(graph([node("F", ["x", "c"], ["y"])], from: [two, truth], to: ["y"]), functions: functions)
    }
  }

  /// Each level finds the types of those below once, not twice.
  @Test func branchesThatAreKnownStandInTheGraph() throws {
    let known = Wire.tensor("c", type: 9, []).packed(5, [1])
    #expect(try imported(graph([nested(18, node("Neg", ["x"], ["y"]))], from: [two], to: ["y"], [known])).nodes.count == 1)
  }

  @Test func loopsInLoopsAreNotAllUnrolled() throws {
    let graph = try imported(graph([loops(2, from: "x", to: "y")], from: [two], to: ["y"], [integers("M", [3000], [])]))
    #expect(graph.nodes.count == 1)
    let small = try imported(self.graph([loops(2, from: "x", to: "y")], from: [two], to: ["y"], [integers("M", [5], [])]))
    #expect(small.nodes.count == 25)
  }

  @Test func valuesAreBounded() {
    let splits = (0..<20).map { node("SplitToSequence", ["x"], ["s\($0)"]) } + [node("SequenceLength", ["s0"], ["y"])]
    expectRefusal("more than 1000000 values") {
      try imported(graph(splits, from: [Wire.value("x", type: 1, [(65_536, nil)])], to: ["y"]))
    }
  }

  @Test func extentsAreBounded() {
    for extent in [1 << 48 + 1, Int.max] {
      #expect(throws: ONNXFileError.self) {
        try imported(graph([node("Relu", ["x"], ["y"])], from: [Wire.value("x", type: 1, [(nil, nil), (extent, nil)])], to: ["y"]))
      }
    }
  }

  /// A long text in many places.
  @Test func textIsBounded() {
    let text = Wire.tensor("t", type: 8, [1]).text(6, String(repeating: "a", count: 1 << 22))
    expectRefusal("more than the") {
      try imported(graph([node("Expand", ["t", "n"], ["y"])], from: [], to: ["y"], [text, integers("n", [1 << 21], [1])]))
    }
  }

  /// After two steps `a` is what `c` was: of another extent than the shape rule, which takes one step, expects.
  @Test func aResultIsOfTheTypeThatWasPlanned() throws {
    let body = graph(
      [node("Identity", ["b"], ["a'"]), node("Identity", ["c"], ["b'"]), node("Identity", ["c"], ["c'"]), node("Identity", ["e"], ["e'"])],
      from: ["a", "b", "c", "e"].map(named), to: ["a'", "b'", "c'", "e'"])
    let scan = node(
      "Scan", ["a", "b", "c", "x"], ["r", "", "", "z"], [attribute("body", body), Wire.attribute("num_scan_inputs", type: 2).number(3, 1)])
    let inputs = [("a", 2), ("b", 2), ("c", 3)].map { Wire.value($0.0, type: 1, [($0.1, nil)]) }
    let graph = try imported(
      graph([scan, node("Relu", ["r"], ["y"])], from: inputs + [Wire.value("x", type: 1, [(nil, "steps"), (1, nil)])], to: ["y"]))
    let workspace = Workspace(try Plan(graph))
    func run(steps: Int) throws -> [Double]? {
      try workspace.run(["a": zeros(2), "b": zeros(2), "c": zeros(3), "x": zeros(steps, 1)])[0].tensor?.doubles
    }
    #expect(try run(steps: 1) == [0, 0])
    expectRefusal("was planned") { try run(steps: 2) }
  }
}
