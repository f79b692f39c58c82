import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct FoldBatchNormalizationTests {
  @Test(arguments: [false, true]) func isFoldedIntoTheWeights(_ hasBias: Bool) throws {
    let network = TestNetwork()
    let y = try network.batchNormalization(try network.conv(network.x, hasBias: hasBias))
    #expect(try network.rewritten(y) == ["Conv"])
    #expect(try network.rewritten(try network.add("Relu", [:], y)) == ["carpus.FusedConv"])
  }

  /// scale 3, offset 5, mean 7, variance 4 − ε: s = 3/2, so W′ = 1.5 · 2 and B′ = 1.5 · (1 − 7) + 5.
  @Test func numbers() throws {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float64, [1, 1, 1, 1]))
    let weights = builder.constant(Tensor([2.0], shape: [1, 1, 1, 1])), bias = builder.constant(Tensor([1.0]))
    let parameters = [3.0, 5, 7, 3.75].map { builder.constant(Tensor([$0])) }
    let conv = try builder.add(try TestNode("Conv").op, x, weights, bias)
    let normalization = try TestNode("BatchNormalization", ["epsilon": .float(0.25)]).op
    let y = try builder.add(normalization, [conv] + parameters, results: 1)[0]
    let plan = try Plan(builder.finished(outputs: [NamedValue(name: "y", value: y)]))
    let operands = try #require(plan.graph.nodes.first?.operands)
    #expect(operands.dropFirst().map { $0.flatMap(plan.graph.constant)?.doubles } == [[3], [-4]])
  }

  @Test func depthwise() throws {
    let network = TestNetwork()
    let conv = try network.add("Conv", ["group": .int(3)], network.x, network.constant([6, 1, 3, 3]))
    #expect(try network.rewritten(try network.batchNormalization(conv, channels: 6)) == ["Conv"])
  }

  @Test func statisticsOfTheBatchStay() throws {
    let network = TestNetwork()
    let y = try network.batchNormalization(try network.conv(network.x), ["training_mode": .int(1)])
    #expect(try network.rewritten(y) == ["Conv", "BatchNormalization"])
  }

  @Test func outputsAreKept() throws {
    let network = TestNetwork()
    let conv = try network.conv(network.x), y = try network.batchNormalization(conv)
    #expect(try network.rewritten(y, conv) == ["Conv", "BatchNormalization"])
  }

  @Test func whatIsReadTwiceIsKept() throws {
    let network = TestNetwork()
    let conv = try network.conv(network.x), y = try network.batchNormalization(conv)
    #expect(try network.rewritten(try network.add("Add", [:], y, conv)) == ["Conv", "BatchNormalization", "Add"])
  }

  @Test func gradientsAreKept() throws {
    let network = TestNetwork()
    let inner = try network.batchNormalization(try network.conv(network.x))
    let y = try network.batchNormalization(try network.conv(try network.add("Relu", [:], inner)))
    try network.expectEqualGradients(of: try network.add("Relu", [:], y), withRespectTo: [network.x, inner])
  }
}
