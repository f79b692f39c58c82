import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

/// Against onnxruntime: Fixtures/Operators/microsoft.py.
@Suite struct MicrosoftTests {
  @Test(arguments: try OperatorCase.load("Microsoft")) func results(_ operatorCase: OperatorCase) throws { try expectResults(operatorCase) }

  func node(_ name: String, _ attributes: [String: AttributeValue] = [:], operands: Int = 1) throws -> TestNode {
    try TestNode(name, domain: "com.microsoft", opset: 1, attributes, operands: operands)
  }

  @Test func gradients() throws {
    let x = randomTensor([2, 3, 4], seed: 1), y = randomTensor([2, 3, 4], seed: 2), row = randomTensor([4], seed: 3)
    for name in ["Gelu", "FastGelu", "QuickGelu"] { try expectDifferences(node(name), [x], wanted: [0]) }
    try expectDifferences(node("BiasGelu", operands: 2), [x, row], wanted: [0, 1])
    try expectDifferences(node("FusedMatMul", ["transB": .int(1), "alpha": .float(0.5)], operands: 2), [x, y], wanted: [0, 1])
    try expectDifferences(node("SkipLayerNormalization", ["epsilon": .float(0.01)], operands: 3), [x, y, row], wanted: [0, 1])
    try expectDifferences(node("SkipSimplifiedLayerNormalization", operands: 3), [x, y, row], wanted: [0, 1, 2])
    try expectDifferences(node("BiasSoftmax", ["axis": .int(2)], operands: 2), [x, row], wanted: [0, 1])
    try expectDifferences(
      node("FusedGemm", ["activation": .string("Tanh")], operands: 2), [randomTensor([2, 3], seed: 4), randomTensor([3, 2], seed: 5)], wanted: [0, 1])
    let image = randomTensor([1, 2, 4, 4], seed: 6), weights = randomTensor([3, 2, 3, 3], seed: 7), rest = randomTensor([1, 3, 2, 2], seed: 8)
    try expectDifferences(node("FusedConv", ["activation": .string("Tanh")], operands: 4), [image, weights, nil, rest], wanted: [0, 3])
    let matrix = Tensor([3, 1, 0.5, -1, 2, 0.25, 0.5, 1, 4], shape: [3, 3])
    try expectDifferences(node("Inverse"), [matrix], wanted: [0])
  }

  @Test func refusals() throws {
    expectRefusal("matrix 0 has no inverse") { try node("Inverse").result(Tensor([1.0, 2, 2, 4], shape: [2, 2])) }
    expectRefusal("square matrices") { try node("Inverse").result(randomTensor([2, 3], seed: 1)) }
    expectRefusal("the operator Nothing is not available") { try node("FusedGemm", ["activation": .string("Nothing")], operands: 2) }
    expectRefusal("Relu has no attribute alpha") { try node("FusedGemm", ["activation": .string("Relu"), "activation_alpha": .float(1)], operands: 2) }
    expectRefusal("takes 1 activation_params, not 2") {
      try node("FusedConv", ["activation": .string("LeakyRelu"), "activation_params": .floats([1, 2])], operands: 2)
    }
    expectRefusal("channels_last must be 0") { try node("QLinearGlobalAveragePool", ["channels_last": .int(1)], operands: 5) }
    expectRefusal("each tensor must have a scale") { try node("QLinearConcat", ["axis": .int(0)], operands: 4) }
  }
}
