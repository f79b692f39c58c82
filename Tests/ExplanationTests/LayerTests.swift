import CarpusExplanation
import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct LayerTests {
  /// x → features → {left, right} → joined → score
  private static func branches() throws -> (SmallNetwork, Value) {
    let network = try SmallNetwork()
    let left = try network.add("Tanh", [:], network.features, named: "left")
    let right = try network.add("Sigmoid", [:], network.features, named: "right")
    let joined = try network.add("Add", [:], left, right, named: "joined")
    return (network, try network.linear(network.pooled(joined), [1, 2], bias: 0))
  }

  private static func completeness(_ graph: Graph) -> [String: Bool] {
    Dictionary(uniqueKeysWithValues: graph.layers(before: graph.outputs[0].value).map { ($0.name, $0.isComplete) })
  }

  @Test func branchesAreIncomplete() throws {
    let (network, score) = try Self.branches()
    let graph = try network.graph(score)
    #expect(graph.layers(before: graph.outputs[0].value).map(\.name) == ["features", "left", "right", "joined"])
    #expect(Self.completeness(graph) == ["features": true, "left": false, "right": false, "joined": true])
    let layer = try graph.automaticLayer(before: graph.outputs[0].value)
    #expect(layer.name == "joined" && layer.isComplete && layer.channels == 2 && layer.height == 2 && layer.width == 2)
    #expect(try Explainer(graph, target: Target(output: "score")).layer == layer)
  }

  /// The mean of `features` goes past `inner`: the last layer that everything passes through is `features`.
  @Test func aBypassMakesALayerIncomplete() throws {
    let network = try SmallNetwork()
    let inner = try network.add("Tanh", [:], network.features, named: "inner")
    let sum = try network.add("Add", [:], network.pooled(inner), network.pooled(network.features))
    let graph = try network.graph(try network.linear(sum, [1, 2], bias: 0))
    #expect(Self.completeness(graph) == ["features": true, "inner": false])
    #expect(try graph.automaticLayer(before: graph.outputs[0].value).name == "features")
  }

  /// The mean of `x` goes past every layer: the last is taken, and says that it is not all.
  @Test func aBypassFromTheInput() throws {
    let network = try SmallNetwork()
    let inner = try network.add("Tanh", [:], network.features, named: "inner")
    let sum = try network.add("Add", [:], network.pooled(inner), network.pooled(network.x))
    let graph = try network.graph(try network.linear(sum, [1, 2], bias: 0))
    #expect(Self.completeness(graph) == ["features": false, "inner": false])
    let layer = try graph.automaticLayer(before: graph.outputs[0].value)
    #expect(layer.name == "inner" && !layer.isComplete)
  }

  /// Single cells, values without a name, and side branches are no layers.
  @Test func whatIsNoLayer() throws {
    let network = try SmallNetwork()
    let side = try network.add("Tanh", [:], network.features, named: "side")
    let unnamed = try network.add("Sigmoid", [:], network.features)
    let pooled = try network.add("GlobalAveragePool", [:], unnamed, named: "pooled")
    let score = try network.linear(network.add("Flatten", [:], pooled, named: "flat"), [1, 2], bias: 0)
    let outputs = [NamedValue(name: "score", value: score), NamedValue(name: "aside", value: side)]
    let graph = try network.builder.finished(outputs: outputs).specialized(to: ["x": TensorType(.float64, [1, 2, 2, 2])])
    #expect(Self.completeness(graph) == ["features": true])
  }

  @Test func byName() throws {
    let (network, score) = try Self.branches()
    let graph = try network.graph(score), target = Target(output: "score")
    #expect(try Explainer(graph, target: target, layerName: "left").layer.name == "left")
    expectRefusal("no tensor 'joind'; the nearest names are 'joined'") { try Explainer(graph, target: target, layerName: "joind") }
    expectRefusal("'score' is float64 1×1, not a feature map") { try Explainer(graph, target: target, layerName: "score") }
    expectRefusal("'features' (2×2×2), 'left' (2×2×2), 'right' (2×2×2), 'joined' (2×2×2)") {
      try Explainer(graph, target: target, layerName: "x")
    }
  }

  @Test func aLayerBehindAnotherOutput() throws {
    let network = try SmallNetwork()
    let side = try network.add("Tanh", [:], network.features, named: "side")
    let score = try network.linear(network.pooled(network.features), [1, 2], bias: 0)
    let outputs = [NamedValue(name: "score", value: score), NamedValue(name: "aside", value: side)]
    let graph = try network.builder.finished(outputs: outputs).specialized(to: ["x": TensorType(.float64, [1, 2, 2, 2])])
    expectRefusal("not a feature map [N×K×h×w] that the target depends on; the last of those are 'features' (2×2×2)") {
      try Explainer(graph, target: Target(output: "score"), layerName: "side")
    }
  }

  @Test func aNetworkWithoutFeatureMaps() throws {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float64, [1, 4, 8]))
    let score = try builder.add("ReduceMean", ["keepdims": .int(0)], [x])
    let graph = builder.finished(outputs: [NamedValue(name: "score", value: score)])
    expectRefusal("networks of tokens are not explained yet") { try Explainer(graph, target: Target(output: "score")) }
  }
}

@Suite struct ChannelsLastTests {
  /// `[N×K×h×h]` → Transpose → `[N×h×h×K]`, as around a layer normalisation: the first is the map.
  @Test func tensorsWithTheirChannelsLastArePassedOver() throws {
    var builder = GraphBuilder()
    let x = builder.input("x", ValueType(.float32, [1, 3, 4, 4]))
    let map = try builder.add(Relu(), x)
    builder.name(map, "map")
    let turned = try builder.add("Transpose", ["perm": .ints([0, 2, 3, 1])], [map])
    builder.name(turned, "turned")
    let score = try builder.add("ReduceSum", ["keepdims": .int(0)], [turned])
    let graph = builder.finished(outputs: [NamedValue(name: "score", value: score)])
    #expect(graph.layers(before: score).map(\.name) == ["map", "turned"])
    #expect(try graph.automaticLayer(before: score).name == "map")
  }
}
