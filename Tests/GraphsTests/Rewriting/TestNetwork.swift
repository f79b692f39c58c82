import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

/// A graph on `x` `[2×3×7×6]`, in float64 or float32, made node by node, with random weights.
final class TestNetwork {
  var builder = GraphBuilder()
  let x: Value
  private var seed: UInt64 = 0
  private let elementType: ElementType
  private let input: Tensor

  init(_ elementType: ElementType = .float64) {
    self.elementType = elementType
    input = randomTensor([2, 3, 7, 6], seed: 1000).converted(to: elementType)
    x = builder.input("x", ValueType(elementType, [2, 3, 7, 6]))
  }

  func add(_ name: String, _ attributes: [String: AttributeValue] = [:], _ operands: Value?...) throws -> Value {
    try builder.add(name, attributes, operands)
  }

  func constant(_ shape: Shape) -> Value {
    seed += 1
    return builder.constant(randomTensor(shape, seed: seed).converted(to: elementType))
  }

  func integers(_ numbers: Int64...) -> Value { builder.constant(Tensor(numbers)) }

  func constant(_ number: Double) -> Value { builder.constant(Tensor(scalar: number).converted(to: elementType)) }

  /// A 3×3 convolution that keeps height and width.
  func conv(_ value: Value, to channels: Int = 4, hasBias: Bool = true) throws -> Value {
    guard case .tensor(let type) = builder.type(of: value) else { return value }
    let weights = constant([channels, try #require(type.shape[1]), 3, 3])
    return try add("Conv", ["pads": .ints([1, 1, 1, 1])], value, weights, hasBias ? constant([channels]) : nil)
  }

  func batchNormalization(_ value: Value, channels: Int = 4, _ attributes: [String: AttributeValue] = [:]) throws -> Value {
    let variance = builder.constant(Tensor((1...channels).map { Double($0) / 2 }).converted(to: elementType))
    return try add("BatchNormalization", attributes, value, constant([channels]), constant([channels]), constant([channels]), variance)
  }

  /// Operator names after rewriting. That the outputs are the same with and without rewriting is checked on the way.
  func rewritten(_ outputs: Value..., sourceLocation: SourceLocation = #_sourceLocation) throws -> [String] {
    let graph = builder.finished(outputs: outputs.enumerated().map { NamedValue(name: "y\($0)", value: $1) })
    let plain = try Plan(graph, rewrites: []), plan = try Plan(graph)
    #expect(plain.graph.nodes.allSatisfy { $0.operator.signature.domain.isEmpty }, sourceLocation: sourceLocation)
    #expect(plan.outputs.map(\.name) == plain.outputs.map(\.name), sourceLocation: sourceLocation)
    let expected = try Workspace(plain).run(["x": input]), actual = try Workspace(plan).run(["x": input])
    for (a, e) in zip(actual, expected) { try expectClose(a.tensor, e.tensor, sourceLocation) }
    return plan.graph.nodes.map(\.operatorName)
  }

  /// Checks that the gradient of `Σ seed · y` with respect to `values` is the same with and without rewriting.
  func expectEqualGradients(of y: Value, withRespectTo values: [Value], sourceLocation: SourceLocation = #_sourceLocation) throws {
    let graph = builder.finished(outputs: [NamedValue(name: "y", value: y)])
    let seed = randomTensor(try #require(graph.type(of: y).staticShape), seed: 2000).converted(to: elementType)
    let expected = try graph.gradients(of: y, seed: seed, withRespectTo: values, for: ["x": input], rewrites: [])
    let actual = try graph.gradients(of: y, seed: seed, withRespectTo: values, for: ["x": input])
    for (a, e) in zip(actual, expected) {
      #expect(e.doubles.contains { $0 != 0 }, sourceLocation: sourceLocation)
      try expectClose(a, e, sourceLocation)
    }
  }

  /// Operator names of the rewritten graph of that gradient alone. That it is the same without rewriting is checked on the way.
  func rewrittenGradient(of y: Value, withRespectTo values: Value..., sourceLocation: SourceLocation = #_sourceLocation) throws -> [String] {
    try expectEqualGradients(of: y, withRespectTo: values, sourceLocation: sourceLocation)
    let graph = builder.finished(outputs: [NamedValue(name: "y", value: y)])
    let seed = randomTensor(try #require(graph.type(of: y).staticShape), seed: 2000).converted(to: elementType)
    let (differentiated, gradients) = try graph.differentiating(y, seed: seed, withRespectTo: values)
    let plan = try Plan(differentiated, outputs: gradients.enumerated().map { NamedValue(name: "g\($0)", value: $1) })
    return plan.graph.nodes.map(\.operatorName)
  }

  private func expectClose(_ actual: Tensor?, _ expected: Tensor?, _ sourceLocation: SourceLocation) throws {
    let tolerance = elementType == .float64 ? 1e-13 : 2e-5
    let problem = Comparison.disagreement(
      actual: try #require(actual), expected: try #require(expected), absolute: tolerance, relative: tolerance)
    #expect(problem == nil, sourceLocation: sourceLocation)
  }
}
