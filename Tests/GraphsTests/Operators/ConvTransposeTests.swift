import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct ConvTransposeTests {
  /// ONNX Runtime 1.32 on 1, 2, 3 with the weights 1, 10, 100 and stride 2, in all versions.
  @Test(arguments: [
    (4, "SAME_UPPER", [10, 102, 20, 203]), (4, "NOTSET", [102, 20, 203, 30]), (6, "SAME_UPPER", [1, 10, 102, 20, 203, 30]),
    (6, "SAME_LOWER", [10, 102, 20, 203, 30, 300]), (8, "NOTSET", [1, 10, 102, 20, 203, 30, 300, 0]),
  ] as [(Int, String, [Double])], [6, 11, 22])
  func givenShape(_ reference: (Int, String, [Double]), _ opset: Int) throws {
    let node = try TestNode(
      "ConvTranspose", opset: opset,
      ["output_shape": .ints([reference.0]), "strides": .ints([2]), "auto_pad": .string(reference.1)])
    let x = Tensor([1, 2, 3] as [Float], shape: [1, 1, 3]), w = Tensor([1, 10, 100] as [Float], shape: [1, 1, 3])
    #expect(try node.result(x, w).doubles == reference.2)
  }

  static let cases: [([String: AttributeValue], Shape, Shape)] = [
    (["strides": .ints([2, 1]), "pads": .ints([1, 0, 0, 1]), "output_padding": .ints([1, 0])], [2, 2, 3, 2], [2, 3, 3, 2]),
    (["group": .int(2), "dilations": .ints([2, 1]), "strides": .ints([1, 3])], [1, 4, 2, 3], [4, 1, 2, 2]),
    (["group": .int(3), "strides": .ints([2])], [2, 3, 4], [3, 1, 3]),
    (["auto_pad": .string("SAME_UPPER"), "strides": .ints([2, 1, 2])], [1, 1, 2, 2, 2], [1, 2, 3, 2, 2]),
  ]

  @Test(arguments: cases) func gradients(_ attributes: [String: AttributeValue], _ x: Shape, _ w: Shape) throws {
    let node = try TestNode("ConvTranspose", attributes)
    var groups = 1
    if case .int(let count)? = attributes["group"] { groups = count }
    let operands = [randomTensor(x, seed: 1), randomTensor(w, seed: 2), randomTensor([w[1] * groups], seed: 3)]
    try expectDifferences(node, operands, wanted: [0, 1, 2], step: 1e-4)
  }

  /// Prepared with constant weights and without, and in half precision.
  @Test func constantWeights() throws {
    let node = try TestNode("ConvTranspose", ["strides": .ints([2, 2])])
    let operands = [randomTensor([2, 3, 4, 4], seed: 1), randomTensor([3, 5, 3, 3], seed: 2), randomTensor([5], seed: 3)]
    for type in [ElementType.float64, .float32, .float16] {
      let typed = operands.map { $0.converted(to: type) }
      let constant = try OperatorRun(node, typed, constants: [1, 2]).evaluated()[0].tensor
      let other = try node.result(typed[0], typed[1], typed[2])
      #expect(constant?.doubles == other.doubles)
      #expect(other.elementType == type)
    }
  }

  @Test func unknownExtentsStayUnknown() throws {
    let node = try TestNode("ConvTranspose", ["strides": .ints([2, 2]), "group": .int(2)])
    #expect(try node.types((.float32, [nil, 4, nil, 10]), (.float32, [4, 3, 2, 3])) == [ValueType(.float32, [nil, 6, nil, 21])])
  }

  @Test func refusals() throws {
    let node = try TestNode("ConvTranspose"), x = zeros(1, 4, 5, 5)
    expectRefusal("X has 4 channels, W takes 3") { try node.folded([x, zeros(3, 2, 3, 3)]) }
    expectRefusal("in 3 groups") { try TestNode("ConvTranspose", ["group": .int(3)]).folded([x, zeros(4, 2, 3, 3)]) }
    expectRefusal("B must have 2 elements") { try node.folded([x, zeros(4, 2, 3, 3), zeros(3)]) }
    expectRefusal("of the same rank") { try node.folded([x, zeros(4, 2, 3)]) }
    expectRefusal("nothing is left of 5") { try TestNode("ConvTranspose", ["pads": .ints([3, 0, 3, 0])]).folded([x, zeros(4, 2, 1, 1)]) }
    expectRefusal("output_shape is 9") {
      try TestNode("ConvTranspose", ["output_shape": .ints([9, 5])]).folded([x, zeros(4, 2, 1, 1)])
    }
    expectRefusal("output_shape must have 2 numbers") {
      try TestNode("ConvTranspose", ["output_shape": .ints([9])]).folded([x, zeros(4, 2, 1, 1)])
    }
    expectRefusal("output_padding must have numbers") { try TestNode("ConvTranspose", ["output_padding": .ints([-1, 0])]) }
    expectRefusal("output channels in each of") { try TestNode("ConvTranspose", ["group": .int(4)]).folded([x, zeros(4, 0, 1, 1)]) }
    expectRefusal("an axis of 0 elements") { try node.folded([zeros(1, 4, 0, 5), zeros(4, 2, 1, 1)]) }
  }
}
