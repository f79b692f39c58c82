import CarpusGraphs
import CarpusONNX
import CarpusTensors
import CarpusTestSupport
import Testing

/// Functions that belong to a model: their bodies stand in the place of the nodes that call them.
@Suite struct FunctionTests {
  /// `FunctionProto`
  private func function(
    _ name: String, _ inputs: [String], _ outputs: [String], _ nodes: [WireMessage], attributes: [String] = [], defaults: [WireMessage] = [],
    opset: Int = 17
  ) -> WireMessage {
    var message = WireMessage().text(1, name).text(10, "local").message(9, WireMessage().text(1, "").number(2, opset))
    message = message.message(9, WireMessage().text(1, "local").number(2, 1))
    for input in inputs { message = message.text(4, input) }
    for output in outputs { message = message.text(5, output) }
    for attribute in attributes { message = message.text(6, attribute) }
    for node in nodes { message = message.message(7, node) }
    for value in defaults { message = message.message(11, value) }
    return message
  }

  private func graph(_ nodes: [WireMessage], _ functions: [WireMessage], initializers: [WireMessage] = []) throws -> Graph {
    let body = Wire.graph(initializers: initializers, nodes: nodes)
      .message(11, Wire.value("x", type: 1, [(2, nil)])).message(12, Wire.value("y", type: 1, [(2, nil)]))
    let model = functions.reduce(Wire.model(body).message(8, WireMessage().text(1, "local").number(2, 1))) { $0.message(25, $1) }
    return try ONNXDocument(try ONNXFile.read(bytes: model.bytes)).graph()
  }

  private func result(_ nodes: [WireMessage], _ functions: [WireMessage], initializers: [WireMessage] = []) throws -> [Double]? {
    let graph = try graph(nodes, functions, initializers: initializers)
    return try Workspace(try Plan(graph)).run(["x": Tensor([Float(2), -4])])[0].tensor?.doubles
  }

  private func sentence(_ nodes: [WireMessage], _ functions: [WireMessage]) -> String {
    do { _ = try graph(nodes, functions) } catch { return "\(error)" }
    return "imported"
  }

  private func call(_ name: String, from inputs: [String] = ["x"], to outputs: [String] = ["y"], _ attributes: [WireMessage] = []) -> WireMessage {
    Wire.node(name, domain: "local", name: "call", from: inputs, to: outputs, attributes)
  }

  private func float(_ name: String, _ value: Float) -> WireMessage { Wire.attribute(name, type: 1).float(2, value) }

  /// `y = LeakyRelu(x; alpha = slope)`, 0.5 if the call does not say.
  private var leaky: WireMessage {
    let node = Wire.node("LeakyRelu", name: "inside", from: ["a"], to: ["b"], [Wire.attribute("alpha", type: 1).text(21, "slope")])
    return function("leaky", ["a"], ["b"], [node], defaults: [float("slope", 0.5)])
  }

  @Test func attributesOfACall() throws {
    #expect(try result([call("leaky")], [leaky]) == [2, -2])
    #expect(try result([call("leaky", [float("slope", 0.25)])], [leaky]) == [2, -1])
    #expect(sentence([call("leaky", [float("alpha", 1)])], [leaky]) == "function 'leaky' has no attribute 'alpha'")
    // An attribute without a default that the call leaves out is left out inside too.
    let node = Wire.node("LeakyRelu", name: "inside", from: ["a"], to: ["b"], [Wire.attribute("alpha", type: 1).text(21, "slope")])
    let other = function("leaky", ["a"], ["b"], [node], attributes: ["slope"])
    let slope = Double(Float(0.01))
    let numbers = try #require(try result([call("leaky")], [other]))
    #expect(isClose(numbers, [2, -4 * slope], tolerance: 1e-7))
  }

  @Test func aFunctionCallsAnother() throws {
    let inner = Wire.node("leaky", domain: "local", name: "deep", from: ["p"], to: ["q"], [Wire.attribute("slope", type: 1).text(21, "steep")])
    let sum = Wire.node("Add", name: "sum", from: ["q", "p"], to: ["r"])
    // Its nodes stand in the wrong order.
    let outer = function("outer", ["p"], ["r"], [sum, inner], attributes: ["steep"])
    #expect(try result([call("outer", [float("steep", 0.75)])], [leaky, outer]) == [4, -7])
    let names = try graph([call("outer", [float("steep", 0.75)])], [leaky, outer])
    #expect(try names.value(named: "call/deep/b") == names.value(named: "call/q"))
  }

  @Test func inputsAndOutputsMayBeLeftOut() throws {
    // Clip with a lower bound only.
    let clip = function("clip", ["a", "low", "high"], ["b", "c"], [
      Wire.node("Clip", name: "clip", from: ["a", "low", "high"], to: ["b"]), Wire.node("Neg", name: "neg", from: ["a"], to: ["c"]),
    ])
    let one = Wire.floats("one", [], [1])
    #expect(try result([call("clip", from: ["x", "", "one"])], [clip], initializers: [one]) == [1, -4])
    #expect(try result([call("clip", from: ["x"], to: ["", "y"])], [clip]) == [-2, 4])
    #expect(sentence([call("clip", from: ["x", "", "", "x"])], [clip]).contains("gives function 'clip' 4 values"))
  }

  /// A function says for which version of the operator set it is written; the model is written for 17.
  @Test func aFunctionHasItsOwnOperatorSet() throws {
    let node = Wire.node("ReduceSum", name: "sum", from: ["a"], to: ["b"], [Wire.attribute("axes", type: 7).number(8, 0)])
    #expect(try result([call("sum")], [function("sum", ["a"], ["b"], [node], opset: 11)]) == [-2])
    let newer = Wire.node("HardSwish", name: "swish", from: ["a"], to: ["b"])
    #expect(try result([call("swish")], [function("swish", ["a"], ["b"], [newer], opset: 14)])?[1] == 0)
    #expect(sentence([call("swish")], [function("swish", ["a"], ["b"], [newer], opset: 13)]).contains("HardSwish (ai.onnx 13)"))
  }

  /// What lies inside a function sees the function's values, and nothing of the graph around the call.
  @Test func bodiesInsideAFunction() throws {
    let branch = Wire.graph(nodes: [Wire.node("Neg", name: "neg", from: ["p"], to: ["q"])]).message(12, WireMessage().text(1, "q"))
    let other = Wire.graph(nodes: [Wire.node("Identity", name: "id", from: ["p"], to: ["q"])]).message(12, WireMessage().text(1, "q"))
    let choice = Wire.node("If", name: "choice", from: ["flag"], to: ["r"], [
      Wire.attribute("then_branch", type: 5).message(6, branch), Wire.attribute("else_branch", type: 5).message(6, other),
    ])
    let chosen = function("chosen", ["flag", "p"], ["r"], [choice])
    let yes = Wire.tensor("yes", type: 9, []).packed(5, [1])
    #expect(try result([call("chosen", from: ["yes", "x"])], [chosen], initializers: [yes]) == [-2, 4])
    let leaking = function("leaking", ["a"], ["b"], [Wire.node("Neg", name: "neg", from: ["x"], to: ["b"])])
    #expect(sentence([call("leaking")], [leaking]).contains("in a function reads 'x', which nothing there defines"))
  }

  @Test func refusals() {
    let circle = function("circle", ["a"], ["b"], [Wire.node("circle", domain: "local", name: "again", from: ["a"], to: ["b"])])
    #expect(sentence([call("circle")], [circle]).contains("call each other in a circle"))
    let empty = function("empty", ["a"], ["b"], [])
    #expect(sentence([call("empty")], [empty]).contains("output 'b' of function 'empty' is computed by no node"))
    #expect(sentence([call("missing")], []).contains("missing (local 1)"))
    // 2^40 nodes from 40 functions.
    var doubling = [function("f0", ["a"], ["b"], [Wire.node("Neg", name: "n", from: ["a"], to: ["b"])])]
    for level in 1...40 {
      let half = { (from: String, to: String) in Wire.node("f\(level - 1)", domain: "local", name: to, from: [from], to: [to]) }
      doubling.append(function("f\(level)", ["a"], ["c"], [half("a", "b"), half("b", "c")]))
    }
    #expect(sentence([call("f40")], doubling).contains("call each other too often"))
  }

  @Test func aSurveyLooksInside() throws {
    let body = Wire.graph(nodes: [call("outer")]).message(11, Wire.value("x", type: 1, [(2, nil)])).message(12, Wire.value("y", type: 1, [(2, nil)]))
    let odd = function("outer", ["a"], ["b"], [Wire.node("Odd", name: "odd", from: ["a"], to: ["b"])])
    let model = Wire.model(body).message(8, WireMessage().text(1, "local").number(2, 1)).message(25, odd)
    let document = ONNXDocument(try ONNXFile.read(bytes: model.bytes))
    #expect(document.survey.missingOperators.map(\.name) == ["Odd"])
  }
}
