import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct TopKTests {
  @Test func gradients() throws {
    for (axis, count) in [(0, 2), (1, 1), (-1, 4), (1, 0)] as [(Int, Int64)] {
      for largest in [0, 1] {
        let node = try TestNode("TopK", ["axis": .int(axis), "largest": .int(largest)], results: 2)
        try expectDifferences(node, [randomTensor([3, 4], seed: 8), indices(count)], wanted: [0])
      }
    }
  }

  /// Of equals the first gets the gradient. By hand.
  @Test func gradientOfTies() throws {
    let run = try OperatorRun(try TestNode("TopK", results: 2), [Tensor([4.0, 1, 4, 4]), indices(2)], constants: [1])
    let x = try #require(run.operands[0])
    let gradients = try run.graph.gradients(of: run.results[0], seed: Tensor([3.0, 5]), withRespectTo: [x], for: run.inputs)
    #expect(gradients.map(\.doubles) == [[3, 0, 5, 0]])
  }

  /// onnxruntime for versions 1, 10 and 11.
  @Test func versions() throws {
    let x = Tensor([4, 1, 4, 9, 2, 2, 0, 7] as [Float], shape: [2, 4])
    func results(_ opset: Int, _ attributes: [String: AttributeValue], _ operands: [Tensor]) throws -> [[Double]?] {
      try TestNode("TopK", opset: opset, attributes, results: 2).run(operands, extentsAreKnown: false).map { $0.tensor?.doubles }
    }
    #expect(try results(1, ["k": .int(2), "axis": .int(1)], [x]) == [[9, 4, 7, 2], [3, 0, 3, 0]])
    #expect(try results(10, [:], [x, indices(3)]) == [[9, 4, 4, 7, 2, 2], [3, 0, 2, 3, 0, 1]])
    #expect(try results(11, ["axis": .int(0), "largest": .int(0)], [x, indices(1)]) == [[2, 1, 0, 7], [1, 0, 1, 1]])
  }

  /// torch 2.6: NaN is the largest.
  @Test(arguments: [ElementType.float32, .float64, .float16, .bfloat16]) func notANumber(_ type: ElementType) throws {
    let x = Tensor([1, 3, .nan, 2]).converted(to: type)
    #expect(try TestNode("TopK", results: 2).run([x, indices(2)])[1].tensor?.integers == [2, 1])
    #expect(try TestNode("TopK", ["largest": .int(0)], results: 2).run([x, indices(3)])[1].tensor?.integers == [0, 3, 1])
  }

  @Test func refusals() throws {
    let node = try TestNode("TopK", results: 2)
    expectRefusal("axis 0 has 3 elements, not 4") { try node.run([zeros(3), indices(4)]) }
    expectRefusal("is not a number of elements") { try node.folded([zeros(3), indices(-1)]) }
    expectRefusal("is not a number of elements") { try node.folded([zeros(3), indices(1, 1)]) }
    expectRefusal("axis -1 does not exist") { try node.folded([Tensor(scalar: Float(1)), indices(1)]) }
    expectRefusal("how many elements are wanted is missing") { try node.folded([zeros(3)]) }
    expectRefusal("truth values") { try node.folded([Tensor([true]), indices(1)]) }
  }
}
