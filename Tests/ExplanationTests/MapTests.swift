import CarpusExplanation
import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

/// Numbers worked out by hand for `SmallNetwork.image`.
@Suite struct MapTests {
  /// score = 0.8 · 7/4 − 0.4 · 5.5/4 + 10; the gradient is w/4 everywhere, so that both maps are Σ w · A / 4.
  @Test func globalPoolingAndOneLinearLayer() throws {
    let network = try SmallNetwork()
    let explainer = try network.explainer(try network.linear(network.pooled(network.features), [0.8, -0.4], bias: 10))
    let evidence = try explainer.evidence(for: SmallNetwork.image)
    #expect(isClose(evidence.targets, [10.85], tolerance: 1e-12))
    #expect(evidence.slopes == [1])
    #expect(evidence.activations.doubles == [1, 2, 0, 4, 0.5, 0, 3, 2])
    #expect(isClose(evidence.gradients.doubles, [0.2, 0.2, 0.2, 0.2, -0.1, -0.1, -0.1, -0.1]))
    for method in [GradCAM.self, HiResCAM.self] as [any AttributionMethod.Type] {
      let map = try explainer.maps(method, from: evidence)[0]
      #expect(isClose(map.values, [0.15, 0.4, -0.3, 0.6], tolerance: 1e-12))
      #expect(map.method == method.name && map.layer == "features" && map.height == 2 && map.width == 2)
      #expect(abs(map.sum + 10 - evidence.targets[0]) <= 1e-12)
    }
    #expect(try explainer.intercepts(for: SmallNetwork.image, threads: 1) == [10])
    #expect(try explainer.directionalError(evidence, input: SmallNetwork.image, threads: 1) < 1e-12)
  }

  /// A weight per cell: HiResCAM is w · A and adds up to the score; Grad-CAM takes the mean weight of a channel, 0.625 for both.
  @Test func flattenedFeatures() throws {
    let network = try SmallNetwork()
    let flat = try network.add("Flatten", [:], network.features)
    let explainer = try network.explainer(try network.linear(flat, [1, -1, 2, 0.5, 0.5, 1, -1, 2], bias: 1))
    let evidence = try explainer.evidence(for: SmallNetwork.image)
    #expect(evidence.targets == [3.25])
    let detailed = try explainer.maps(HiResCAM.self, from: evidence)[0], coarse = try explainer.maps(GradCAM.self, from: evidence)[0]
    #expect(isClose(detailed.values, [1.25, -2, -3, 6], tolerance: 1e-12))
    #expect(isClose(coarse.values, [0.9375, 1.25, 1.875, 3.75], tolerance: 1e-12))
    #expect(try explainer.intercepts(for: SmallNetwork.image, threads: 1) == [1])
    #expect(abs(detailed.sum + 1 - 3.25) <= 1e-12)
    #expect(abs(coarse.sum - 7.8125) <= 1e-12)
  }

  /// score = 3 · (7/4)² + 2 · (5.5/4)² + 1. Its gradient adds up to twice what the features add, so that the residual is as much again.
  @Test func squaresBehindPooling() throws {
    let network = try SmallNetwork()
    let pooled = try network.pooled(network.features)
    let explainer = try network.explainer(try network.linear(network.add("Mul", [:], pooled, pooled), [3, 2], bias: 1))
    let evidence = try explainer.evidence(for: SmallNetwork.image)
    let map = try explainer.maps(HiResCAM.self, from: evidence)[0]
    let intercept = try explainer.intercepts(for: SmallNetwork.image, threads: 1)[0]
    #expect(isClose(evidence.targets, [13.96875], tolerance: 1e-12))
    #expect(isClose(map.values, [2.625 + 0.6875, 5.25, 4.125, 10.5 + 2.75], tolerance: 1e-12))
    #expect(intercept == 1)
    #expect(abs(evidence.targets[0] - intercept - map.sum + 12.96875) <= 1e-12)
    #expect(try explainer.directionalError(evidence, input: SmallNetwork.image, threads: 1) < 1e-12)
  }

  /// For a cube the central difference is ((1 + ε)³ − (1 − ε)³) / 2ε = 3 + ε² instead of 3.
  @Test func directionalErrorOfCubes() throws {
    let network = try SmallNetwork()
    let pooled = try network.pooled(network.features)
    let cube = try network.add("Mul", [:], pooled, network.add("Mul", [:], pooled, pooled))
    let explainer = try network.explainer(try network.linear(cube, [1, 1], bias: 0))
    let error = try explainer.directionalError(
      try explainer.evidence(for: SmallNetwork.image), input: SmallNetwork.image, threads: 1)
    #expect(abs(error - 1.0 / (3 * 128 * 128)) < 1e-12)
  }

  /// What goes past the layer is part of the intercept: the largest element of x, 4.
  @Test func interceptWithABypass() throws {
    let network = try SmallNetwork()
    let score = try network.linear(network.pooled(network.features), [0.8, -0.4], bias: 10)
    let bypass = try network.add("ReduceMax", ["axes": .ints([1, 2, 3]), "keepdims": .int(0)], network.x)
    let sum = try network.add("Add", [:], score, network.add("Unsqueeze", [:], bypass, network.builder.constant(indices(1))))
    let explainer = try network.explainer(sum)
    #expect(!explainer.layer.isComplete)
    #expect(try explainer.intercepts(for: SmallNetwork.image, threads: 1) == [14])
  }

  // MARK: Slopes

  /// p(1 − p) for p = 1 / (1 + e^−0.85), also behind changes of shape.
  @Test(arguments: [false, true]) func slopeOfASigmoid(_ isFlattened: Bool) throws {
    let network = try SmallNetwork()
    var score = try network.add("Sigmoid", [:], network.linear(network.pooled(network.features), [0.8, -0.4], bias: 0))
    if isFlattened { score = try network.add("Reshape", [:], score, network.builder.constant(indices(-1, 1, 1))) }
    let evidence = try network.explainer(score).evidence(for: SmallNetwork.image)
    let p = 0.700567142473973
    #expect(isClose(evidence.targets, [p], tolerance: 1e-12))
    #expect(isClose(evidence.slopes, [p * (1 - p)], tolerance: 1e-12))
  }

  @Test func slopeOfABound() throws {
    let network = try SmallNetwork()
    let linear = try network.linear(network.pooled(network.features), [0.8, -0.4], bias: 0)
    let inside = try network.add("Clip", [:], linear, network.builder.constant(Tensor(scalar: 0.0)))
    let outside = try network.add("Clip", [:], linear, network.builder.constant(Tensor(scalar: 1.0)))
    #expect(try network.explainer(inside).evidence(for: SmallNetwork.image).slopes == [1])
    #expect(try network.explainer(outside).evidence(for: SmallNetwork.image).slopes == [0])
  }

  /// Two outputs with logits 0.85 and 0: the softmax is a sigmoid of their difference.
  @Test func slopeOfASoftmax() throws {
    let network = try SmallNetwork()
    let weights = network.constant([0.8, 0, -0.4, 0], [2, 2])
    let score = try network.add("Softmax", [:], network.add("Gemm", [:], network.pooled(network.features), weights))
    let p = 0.700567142473973
    for (index, target) in [p, 1 - p].enumerated() {
      let evidence = try network.explainer(score, index: index).evidence(for: SmallNetwork.image)
      #expect(isClose(evidence.targets, [target], tolerance: 1e-12))
      #expect(isClose(evidence.slopes, [p * (1 - p)], tolerance: 1e-12))
    }
  }

  // MARK: Batches

  @Test func aBatchOfTwoIsTwoImages() throws {
    let network = try SmallNetwork()
    let pooled = try network.pooled(network.features)
    let score = try network.add("Sigmoid", [:], network.linear(network.add("Mul", [:], pooled, pooled), [0.3, -0.2], bias: 0.1))
    let images = [SmallNetwork.image, randomTensor([1, 2, 2, 2], seed: 1)]
    let both = Tensor(images.flatMap(\.doubles), shape: [2, 2, 2, 2])
    let pair = try network.explainer(score, images: 2), single = try network.explainer(score)
    let evidence = try pair.evidence(for: both)
    let intercepts = try pair.intercepts(for: both, threads: 1)
    for method in MethodCatalog.all {
      let maps = try pair.maps(method, from: evidence)
      #expect(maps.count == 2 && maps[0] != maps[1])
      for (index, image) in images.enumerated() {
        let own = try single.evidence(for: image)
        #expect(isClose([evidence.targets[index], evidence.slopes[index]], [own.targets[0], own.slopes[0]]))
        #expect(isClose(maps[index].values, try single.maps(method, from: own)[0].values))
        #expect(isClose([intercepts[index]], try single.intercepts(for: image, threads: 1)))
      }
    }
  }

  // MARK: Numbers that are not finite

  @Test func aScoreThatIsNotFinite() throws {
    let network = try SmallNetwork()
    let explainer = try network.explainer(try network.linear(network.pooled(network.features), [0.8, -0.4], bias: 10))
    for number in [Double.nan, .infinity] {
      let image = Tensor([1.0, 2, -3, 4, 0.5, -1, 3, number], shape: [1, 2, 2, 2])
      let error = #expect(throws: ExplanationError.self) { try explainer.evidence(for: image) }
      guard case .notFinite = error else { Issue.record("\(String(describing: error))"); continue }
    }
  }

  /// √ of a mean of 0 has an infinite slope, and ∞ · 0 is no number.
  @Test func aGradientThatIsNotFinite() throws {
    let network = try SmallNetwork()
    let explainer = try network.explainer(try network.linear(network.add("Sqrt", [:], network.pooled(network.features)), [1, 1], bias: 0))
    let evidence = try explainer.evidence(for: Tensor([Double](repeating: -1, count: 8), shape: [1, 2, 2, 2]))
    #expect(evidence.targets == [0])
    let error = #expect(throws: ExplanationError.self) { try explainer.maps(HiResCAM.self, from: evidence) }
    guard case .notFinite(let sentence) = error else { Issue.record("\(String(describing: error))"); return }
    #expect(sentence.contains("layer 'features'"))
  }
}
