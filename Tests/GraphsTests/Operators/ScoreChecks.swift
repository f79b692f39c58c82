import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

/// The labels of a result as text, whatever they are.
func labels(_ value: RunValue) -> [String] { value.tensor?.texts ?? value.tensor?.integers?.map(String.init) ?? [] }

/// Compares scores with numbers of seven digits.
func expectScores(_ value: RunValue, _ expected: [Double], sourceLocation: SourceLocation = #_sourceLocation) throws {
  let scores = try #require(value.tensor, sourceLocation: sourceLocation)
  #expect(scores.elementType == .float32 && scores.shape.count == expected.count, sourceLocation: sourceLocation)
  for (a, e) in zip(scores.doubles, expected) {
    #expect(a == e || a.isNaN && e.isNaN || abs(a - e) <= 2e-6 * max(1, abs(e)), "\(scores.doubles), not \(expected)", sourceLocation: sourceLocation)
  }
}

/// An operator of ai.onnx.ml.
func model(_ name: String, _ attributes: [String: AttributeValue], version: Int = 3, operands: Int = 1, results: Int = 1) throws -> TestNode {
  try TestNode(name, domain: "ai.onnx.ml", opset: version, attributes, operands: operands, results: results)
}

/// The gradient of `Σ seed · result` of a node with respect to its operand, float64; the results are float32.
func gradient(_ node: TestNode, _ x: Tensor, seed: [Float], result index: Int = 0) throws -> [Double] {
  let run = try OperatorRun(node, [x])
  let shape = try #require(run.graph.type(of: run.results[index]).staticShape)
  let variable = try #require(run.operands[0])
  let seed = Tensor(seed, shape: shape)
  return try run.graph.gradients(of: run.results[index], seed: seed, withRespectTo: [variable], for: run.inputs)[0].doubles
}

func expectClose(_ actual: [Double], _ expected: [Double], sourceLocation: SourceLocation = #_sourceLocation) {
  #expect(actual.count == expected.count, sourceLocation: sourceLocation)
  for (a, e) in zip(actual, expected) where !(e.isNaN && a.isNaN) {
    #expect(abs(a - e) <= 2e-6 * max(1, abs(e)), "\(actual), not \(expected)", sourceLocation: sourceLocation)
  }
}

func floats(_ numbers: [Float], _ shape: Shape) -> Tensor { Tensor(numbers, shape: shape) }
func texts(_ texts: String...) -> Tensor { Tensor(texts, shape: [texts.count]) }
