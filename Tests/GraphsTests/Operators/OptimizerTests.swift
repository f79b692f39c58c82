import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

/// Adagrad, Adam and Momentum.
@Suite struct OptimizerTests {
  private static func node(_ name: String, _ attributes: [String: AttributeValue] = [:], tensors: Int = 1) throws -> TestNode {
    let required: [String: AttributeValue] = [
      "norm_coefficient": .float(0.25), "alpha": .float(0.75), "beta": .float(0.5), "mode": .string("standard"),
    ]
    let own = name == "Momentum" ? required : required.filter { $0.key == "norm_coefficient" }
    return try TestNode(
      name, domain: "ai.onnx.preview.training", opset: 1, own.merging(attributes) { $1 }, results: tensors * (name == "Adam" ? 3 : 2))
  }

  /// Rate, count, and for each kind one tensor of each shape; squares are positive.
  private static func operands(_ name: String, count: Int64, _ shapes: [Shape] = [[2, 2]]) -> [Tensor?] {
    var operands: [Tensor?] = [Tensor(scalar: 0.1), Tensor(scalar: count)]
    for kind in 0..<(name == "Adam" ? 4 : 3) {
      for (index, shape) in shapes.enumerated() {
        let x = randomTensor(shape, seed: UInt64(10 * kind + index))
        let isSquare = (name == "Adam" && kind == 3) || (name == "Adagrad" && kind == 2)
        operands.append(isSquare ? Tensor(x.doubles.map { $0 * $0 + 0.1 }, shape: shape) : x)
      }
    }
    return operands
  }

  @Test(arguments: [
    ("Adagrad", ["decay_factor": .float(0.5)]), ("Adam", ["norm_coefficient_post": .float(0.125), "alpha": .float(0.75), "beta": .float(0.5)]),
    ("Momentum", [:]), ("Momentum", ["mode": .string("nesterov")]),
  ] as [(String, [String: AttributeValue])], [0, 3] as [Int64])
  func gradients(_ optimizer: (String, [String: AttributeValue]), _ count: Int64) throws {
    let (name, attributes) = optimizer
    let operands = Self.operands(name, count: count, [[2, 2], [3]])
    let node = try Self.node(name, attributes, tensors: 2)
    try expectDifferencesOfEveryResult(node, operands, wanted: operands.indices.filter { $0 != 1 })
  }

  /// By hand: with G′ = 1 + ¼ · 2 = 1.5, V = 2 and the first step (β counts as 1), V′ = ¾ · 2 + 1.5 = 3.
  @Test func momentum() throws {
    let operands = [Tensor(scalar: 0.5), Tensor(scalar: Int64(0)), Tensor([2.0]), Tensor([1.0]), Tensor([2.0])]
    let standard = try Self.node("Momentum").run(operands).compactMap(\.tensor)
    #expect(standard[0].doubles == [0.5] && standard[1].doubles == [3])
    // X′ = 2 − ½ (1.5 + ¾ · 3)
    let nesterov = try Self.node("Momentum", ["mode": .string("nesterov")]).run(operands).compactMap(\.tensor)
    #expect(nesterov[0].doubles == [0.125] && nesterov[1].doubles == [3])
  }

  /// A zero gradient and no history: nothing moves, and the gradients are finite.
  @Test(arguments: ["Adagrad", "Adam"]) func nothingHappens(_ name: String) throws {
    let zero = Tensor([0.0]), node = try Self.node(name)
    let operands = [Tensor(scalar: 0.1), Tensor(scalar: Int64(1)), Tensor([0.0])] + [Tensor](repeating: zero, count: name == "Adam" ? 3 : 2)
    #expect(try node.run(operands).compactMap(\.tensor).allSatisfy { $0.doubles == [0] })
    let run = try OperatorRun(node, operands, constants: [1])
    let variables = run.operands.enumerated().compactMap { $0 == 1 ? nil : $1 }
    let gradients = try run.graph.gradients(of: run.results[0], seed: Tensor([1.0]), withRespectTo: variables, for: run.inputs)
    #expect(gradients.allSatisfy { $0.doubles.allSatisfy(\.isFinite) })
  }

  @Test func refusals() throws {
    let operands = Self.operands("Adam", count: 1).compactMap { $0 }
    expectRefusal("4 operands for each tensor") { try Self.node("Adam").folded(Array(operands.dropLast()) + [operands[2], operands[2]]) }
    expectRefusal("one number") { try Self.node("Adam").folded([operands[2]] + operands.dropFirst()) }
    expectRefusal("like the tensor") { try Self.node("Adam").folded(operands.dropLast() + [Tensor([1.0])]) }
    expectRefusal("standard or nesterov") { try Self.node("Momentum", ["mode": .string("heavy")]).folded(Self.operands("Momentum", count: 1)) }
    expectRefusal("alpha is missing") {
      try TestNode("Momentum", domain: "ai.onnx.preview.training", opset: 1, ["norm_coefficient": .float(0)])
    }
  }
}
