import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct RecognizeLayerNormalizationTests {
  private func normalized(
    _ network: TestNetwork, axes: [Int], then: [Int]? = nil, byProduct: Bool = false
  ) throws -> (distance: Value, quotient: Value) {
    func mean(_ value: Value, _ axes: [Int]) throws -> Value { try network.add("ReduceMean", ["axes": .ints(axes)], value) }
    let distance = try network.add("Sub", [:], network.x, mean(network.x, axes))
    let square = byProduct ? try network.add("Mul", [:], distance, distance) : try network.add("Pow", [:], distance, network.constant(2))
    let variance = try network.add("Add", [:], mean(square, then ?? axes), network.constant(1e-5))
    return (distance, try network.add("Div", [:], distance, network.add("Sqrt", [:], variance)))
  }

  @Test(arguments: [([-1], [6]), ([2, 3], [7, 6])], [false, true]) func nineNodesAreOne(_ parts: (axes: [Int], extents: [Int]), _ byProduct: Bool) throws {
    let network = TestNetwork()
    let quotient = try normalized(network, axes: parts.axes, byProduct: byProduct).quotient
    let scaled = try network.add("Mul", [:], quotient, network.constant(Shape(parts.extents)))
    #expect(try network.rewritten(scaled) == ["LayerNormalization"])
    let y = try network.add("Add", [:], network.constant(Shape(parts.extents)), scaled)
    #expect(try network.rewritten(y) == ["LayerNormalization"])
    #expect(try network.rewritten(y, scaled) == ["LayerNormalization", "Add"])
    try network.expectEqualGradients(of: y, withRespectTo: [network.x])
  }

  @Test func othersStay() throws {
    let network = TestNetwork()
    let plain = try normalized(network, axes: [-1]), crossed = try normalized(network, axes: [-1], then: [-2]).quotient
    let planes = try normalized(network, axes: [1]).quotient
    func isRecognised(_ outputs: Value...) throws -> Bool {
      try (outputs.count == 1 ? network.rewritten(outputs[0]) : network.rewritten(outputs[0], outputs[1])).contains("LayerNormalization")
    }
    let scale = network.constant([6]), y = try network.add("Mul", [:], plain.quotient, scale)
    #expect(try isRecognised(y) && !isRecognised(y, plain.distance))
    #expect(try !isRecognised(network.add("Mul", [:], crossed, scale)) && !isRecognised(network.add("Mul", [:], planes, network.constant([3, 1, 1]))))
    // A scale of other extents, and none.
    #expect(try !isRecognised(network.add("Mul", [:], plain.quotient, network.constant([7, 1]))) && !isRecognised(plain.quotient))
  }
}
