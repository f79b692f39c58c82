import CarpusGraphs
import CarpusTensors
import CarpusTestSupport

/// The operators of ai.onnx.ml, whose results are float32, and of com.microsoft.
extension GradientTable {
  static let models: [GradientEntry] = [
    model("ArrayFeatureExtractor") { GradientSample(operands: [$0.tensor([2, 4]), $0.indices([3], 0...3)]) },
    model("FeatureVectorizer") {
      GradientSample(attributes: ["inputdimensions": .ints([2, 4])], operands: [$0.tensor([2, 3]), $0.tensor([2, 3])], isSingle: true)
    },
    model("Imputer") {
      GradientSample(
        attributes: ["imputed_value_floats": .floats([1, 2]), "replaced_value_float": .float(.nan)],
        operands: [Tensor([.nan, 0.25, -1, $0.pick([.nan, 0.75])], shape: [2, 2])])
    },
    model("Normalizer") {
      GradientSample(attributes: ["norm": .string($0.pick(["MAX", "L1", "L2"]))], operands: [$0.tensor([2, 3], 0.25...1)], isSingle: true)
    },
    model("Scaler") {
      GradientSample(attributes: ["offset": .floats([1, 0, 2]), "scale": .floats([0.5, 3, -1])], operands: [$0.tensor([2, 3])], isSingle: true)
    },
    model("LinearRegressor") { draw in
      GradientSample(
        attributes: ["coefficients": .floats((0..<6).map { _ in draw.float(-1...1) }), "targets": .int(2), "post_transform": transform(&draw)],
        operands: [draw.tensor([2, 3], 0.25...1)], isSingle: true)
    },
    model("LinearClassifier") { draw in
      GradientSample(
        attributes: [
          "coefficients": .floats((0..<9).map { _ in draw.float(0...0.2) }), "intercepts": .floats([0.25, 0.25, 0.125]),
          "classlabels_ints": .ints([3, 1, 2]), "post_transform": transform(&draw),
        ],
        operands: [draw.tensor([2, 3], 0.25...1)], results: 2, isSingle: true)
    },
    model("SVMRegressor") { draw in
      GradientSample(
        attributes: kernel(&draw, vectors: 3).merging(["n_supports": .int(3), "coefficients": .floats([0.5, -0.25, 1]), "rho": .floats([0.125])]) { $1 },
        operands: [draw.tensor([2, 2])], isSingle: true)
    },
    model("SVMClassifier") { draw in
      GradientSample(
        attributes: kernel(&draw, vectors: 4).merging([
          "vectors_per_class": .ints([2, 1, 1]), "coefficients": .floats([0.5, -0.25, 1, 0.75, -1, 0.5, 0.25, -0.5]), "rho": .floats([0.25, 0, -0.5]),
          "classlabels_ints": .ints([0, 1, 2]),
        ]) { $1 }, operands: [draw.tensor([2, 2])], results: 2, isSingle: true)
    },
  ]

  private static func model(_ name: String, _ sample: @escaping @Sendable (inout Draw) throws -> GradientSample) -> GradientEntry {
    GradientEntry(name, domain: "ai.onnx.ml", opset: 3, sample)
  }

  private static func transform(_ draw: inout Draw) -> AttributeValue { .string(draw.pick(["NONE", "SOFTMAX", "LOGISTIC"])) }

  private static func kernel(_ draw: inout Draw, vectors: Int) -> [String: AttributeValue] {
    [
      "kernel_type": .string(draw.pick(["LINEAR", "POLY", "RBF", "SIGMOID"])), "kernel_params": .floats([0.5, 0.25, 2]),
      "support_vectors": .floats((0..<2 * vectors).map { _ in draw.float(-1...1) }),
    ]
  }

  static let microsoft: [GradientEntry] = [
    contributed("BiasGelu") { GradientSample(operands: [$0.tensor([2, 3]), $0.tensor([3])]) },
    contributed("BiasSoftmax") {
      GradientSample(attributes: ["axis": .int($0.int(1...2)), "is_inner_broadcast": .int(0)], operands: [$0.tensor([2, 3, 2]), $0.tensor([1, 3, 2])])
    },
    contributed("DequantizeLinear") {
      GradientSample(attributes: ["axis": .int(0)], operands: [Tensor([3, 200, 7, 9] as [UInt8], shape: [2, 2]), $0.tensor([2], 0.1...1)])
    },
    contributed("DynamicQuantizeMatMul") { draw in
      GradientSample(
        operands: [
          draw.tensor([2, 3]).converted(to: .float32), Tensor([1, -7, 100, 3, 0, -90] as [Int8], shape: [3, 2]), draw.tensor([2]).converted(to: .float32), nil,
          draw.tensor([2]).converted(to: .float32),
        ], wanted: [2, 4], isSingle: true)
    },
    contributed("LegacyPadding") {
      GradientSample(
        attributes: ["pads": .ints([$0.int(0...1), 1]), "kernel_shape": .ints([3, 2]), "strides": .ints([2, $0.int(1...2)]), "value": .float(1)],
        operands: [$0.tensor([1, 2, 4, 3])])
    },
    contributed("MatMulIntegerToFloat") {
      GradientSample(operands: [
        Tensor([1, 200, 7, 0, 9, 30] as [UInt8], shape: [2, 3]), Tensor([1, -7, 100, 3, 0, -90] as [Int8], shape: [3, 2]), $0.tensor([]), $0.tensor([2]),
        Tensor(scalar: 9 as UInt8), nil, $0.tensor([2]),
      ])
    },
    contributed("EmbedLayerNormalization") { draw in
      GradientSample(
        attributes: ["epsilon": .float(0.1)],
        operands: [
          draw.indices([2, 3], 0...3), draw.indices([2, 3], 0...1), draw.tensor([4, 5]), draw.tensor([3, 5]), draw.tensor([2, 5]), draw.tensor([5]),
          draw.tensor([5]),
        ], results: 3)
    },
    contributed("FastGelu") { GradientSample(operands: [$0.tensor([2, 3])] + ($0.flag() ? [$0.tensor([3])] : [])) },
    contributed("FusedConv") { draw in
      var sample = conv(&draw)
      sample.attributes["activation"] = .string(draw.pick(["Tanh", "LeakyRelu"]))
      return sample
    },
    contributed("FusedGemm") { draw in
      var sample = gemm(&draw)
      sample.attributes["activation"] = .string(draw.pick(["Sigmoid", "Elu"]))
      return sample
    },
    contributed("FusedMatMul") {
      GradientSample(attributes: ["transA": .int(1), "alpha": .float($0.float())], operands: [$0.tensor([2, 3, 2]), $0.tensor([2, 3, 4])])
    },
    contributed("Gelu") { GradientSample(operands: [$0.tensor([2, 3])]) },
    contributed("Inverse") { draw in
      let x = draw.tensor([2, 3, 3]).doubles.enumerated().map { $0 % 9 % 4 == 0 ? $1 + 3 : $1 }
      return GradientSample(operands: [Tensor(x, shape: [2, 3, 3])])
    },
    contributed("QuickGelu") { GradientSample(attributes: ["alpha": .float($0.float())], operands: [$0.tensor([2, 3])]) },
    contributed("SkipLayerNormalization") { draw in
      GradientSample(
        attributes: ["epsilon": .float(0.1)],
        operands: [draw.tensor([2, 3, 4]), draw.tensor([2, 3, 4]), draw.tensor([4]), draw.tensor([4]), draw.tensor([4])])
    },
    contributed("SkipSimplifiedLayerNormalization") { draw in
      GradientSample(
        attributes: ["epsilon": .float(0.1)], operands: [draw.tensor([2, 3, 4]), draw.tensor([2, 3, 4]), draw.tensor([4]), draw.tensor([4])], results: 4)
    },
    contributed("Trilu") { GradientSample(attributes: ["upper": .int($0.int(0...1))], operands: [$0.tensor([3, 4])]) },
  ]

  private static func contributed(_ name: String, _ sample: @escaping @Sendable (inout Draw) throws -> GradientSample) -> GradientEntry {
    GradientEntry(name, domain: "com.microsoft", opset: 1, sample)
  }
}
