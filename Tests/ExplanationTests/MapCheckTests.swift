import CarpusExplanation
import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

/// Recipro-CAM and weights that forget, on `SmallNetwork`.
@Suite struct MapCheckTests {
  /// Behind global average pooling and one linear layer: HiResCAM, with any number of cells at a time.
  @Test(arguments: [1, 2, 3]) func reciproCAMOfALinearHead(_ images: Int) throws {
    let network = try SmallNetwork()
    let explainer = try network.explainer(try network.linear(network.pooled(network.features), [0.8, -0.4], bias: 10), images: images)
    let batch = Tensor((0..<images).flatMap { image in SmallNetwork.image.doubles.map { $0 * Double(image + 1) } }, shape: [images, 2, 2, 2])
    let evidence = try explainer.evidence(for: batch)
    let maps = try explainer.reciproCAM(evidence, input: batch, threads: 1)
    for (map, other) in zip(maps, try explainer.maps(HiResCAM.self, from: evidence)) {
      #expect(isClose(map.values, other.values, tolerance: 1e-12))
      #expect(map.method == "reciprocam" && map.layer == "features" && map.height == 2 && map.width == 2)
    }
    #expect(maps.count == images)
  }

  /// score = 3 · mean₁² + 2 · mean₂² + 1, of one cell: 3 · (A₁/4)² + 2 · (A₂/4)².
  @Test func reciproCAMOfSquares() throws {
    let network = try SmallNetwork()
    let pooled = try network.pooled(network.features)
    let explainer = try network.explainer(try network.linear(network.add("Mul", [:], pooled, pooled), [3, 2], bias: 1))
    let evidence = try explainer.evidence(for: SmallNetwork.image)
    let map = try explainer.reciproCAM(evidence, input: SmallNetwork.image, threads: 1)[0]
    #expect(isClose(map.values, [3.0 / 16 + 0.5 / 16, 12.0 / 16, 18.0 / 16, 48.0 / 16 + 8.0 / 16], tolerance: 1e-12))
  }

  private func twoLayers() throws -> (graph: Graph, score: Value) {
    let network = try SmallNetwork()
    let first = network.constant((0..<72).map { Double($0 * $0 % 31) - 12 }, [4, 2, 3, 3])
    network.builder.name(first, "first")
    let convolved = try network.add("Conv", ["pads": .ints([1, 1, 1, 1])], network.features, first)
    let flat = try network.add("Flatten", [:], network.add("GlobalAveragePool", [:], convolved))
    let last = network.constant([1, 2, 3, 5], [4, 1])
    network.builder.name(last, "last")
    let graph = try network.graph(try network.add("MatMul", [:], flat, last))
    return (graph, graph.outputs[0].value)
  }

  private func stream(_ seed: UInt64) -> (String) -> SeededGenerator {
    { name in SeededGenerator(seed: name.utf8.reduce(seed) { $0 &* 31 &+ UInt64($1) }) }
  }

  @Test func layersFromTheOutputOn() throws {
    let (graph, score) = try twoLayers()
    let layers = graph.layerWeights(before: score)
    #expect(layers.map { $0.map(\.name) } == [["last"], ["first"]])
    let all = graph.forgetting(layers: 2, before: score, stream: stream(1))
    let one = graph.forgetting(layers: 1, before: score, stream: stream(1))
    let (first, last) = (layers[1][0].value, layers[0][0].value)
    #expect(one.constant(first)?.doubles == graph.constant(first)?.doubles)
    #expect(one.constant(last)?.doubles == all.constant(last)?.doubles)
    #expect(all.constant(first)?.doubles != graph.constant(first)?.doubles)
    #expect(all.constant(first)?.doubles.sorted() == graph.constant(first)?.doubles.sorted())
    #expect(all.constant(first)?.doubles != graph.forgetting(layers: 2, before: score, stream: stream(2)).constant(first)?.doubles)
    #expect(graph.forgetting(layers: 0, before: score, stream: stream(1)).constant(last)?.doubles == [1, 2, 3, 5])
  }

  /// The network that runs has the weights that were drawn.
  @Test func theForgetfulNetworkRuns() throws {
    let (graph, score) = try twoLayers()
    let layers = graph.layerWeights(before: score)
    let halved = graph.replacing([layers[0][0].value: Tensor([0.5, 1, 1.5, 2.5], shape: [4, 1])])
    func output(_ graph: Graph) throws -> [Double] { try Workspace(Plan(graph)).run(["x": SmallNetwork.image])[0].tensor?.doubles ?? [] }
    let (whole, half) = (try output(graph), try output(halved))
    #expect(whole.count == 1 && whole[0] != 0 && abs(half[0] - whole[0] / 2) <= 1e-12 * abs(whole[0]))
  }

  @Test func normalWeightsKeepMeanAndDeviation() throws {
    let network = try SmallNetwork()
    let numbers = (0..<4000).map { Double($0 % 2) * 6 + 1 }
    let weights = network.constant(numbers, [8, 500])
    let score = try network.add("MatMul", [:], network.add("Flatten", [:], network.features), weights)
    let graph = try network.graph(score), target = graph.outputs[0].value
    let value = graph.layerWeights(before: target)[0][0].value
    let drawn = try #require(graph.forgetting(layers: 1, before: target, by: .normal, stream: stream(3)).constant(value)).doubles
    let mean = drawn.reduce(0, +) / 4000, deviation = (drawn.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 4000).squareRoot()
    // 4 and 3, within four standard errors.
    #expect(abs(mean - 4) < 0.19 && abs(deviation - 3) < 0.14 && Set(drawn).count > 3900)
  }
}
