import CarpusGraphs
import CarpusTensors
import CarpusTestSupport

/// How nodes of every operator with a gradient are drawn, by kinds of operators.
enum GradientTable {}

// MARK: Single elements

extension GradientTable {
  static let elements: [GradientEntry] = [
    unary("Abs"), unary("Acos", -0.9...0.9), unary("Acosh", 1.2...3), unary("Affine", opset: 1) { ["alpha": .float($0.float()), "beta": .float($0.float())] },
    unary("Asin", -0.9...0.9), unary("Asinh"), unary("Atan"), unary("Atanh", -0.9...0.9), unary("Cast") { _ in ["to": .int(11)] },
    unary("Celu") { ["alpha": .float($0.float())] }, unary("Cos"), unary("Cosh"), unary("Dropout"), unary("Elu") { ["alpha": .float($0.float())] },
    unary("Erf"), unary("Exp"), unary("Gelu") { ["approximate": .string($0.pick(["none", "tanh"]))] },
    unary("HardSigmoid") { ["alpha": .float($0.float(0.1...0.4)), "beta": .float($0.float())] }, unary("HardSwish", -4...4), unary("Identity"),
    unary("LeakyRelu") { ["alpha": .float($0.float())] }, unary("Log", 0.2...3), unary("Mish"), unary("Neg"),
    unary("ParametricSoftplus", opset: 1) { ["alpha": .float($0.float()), "beta": .float($0.float())] }, unary("Reciprocal", 0.3...2),
    unary("Relu"), unary("Scale", opset: 1) { ["scale": .float($0.float())] },
    unary("ScaledTanh", opset: 1) { ["alpha": .float($0.float()), "beta": .float($0.float())] },
    unary("Selu") { ["alpha": .float($0.float()), "gamma": .float($0.float())] },
    unary("Shrink") { ["lambd": .float($0.float()), "bias": .float($0.float())] }, unary("Sigmoid"), unary("Sin"), unary("Sinh"),
    unary("Softplus"), unary("Softsign"), unary("Sqrt", 0.2...2), unary("Swish", opset: 24) { ["alpha": .float($0.float())] },
    unary("Tan", -1.2...1.2), unary("Tanh"), unary("ThresholdedRelu") { ["alpha": .float($0.float())] },

    binary("Add"), binary("Sub"), binary("Mul"), binary("Div", second: 0.4...2), binary("Pow", first: 0.3...2, second: -2...2),
    binary("Mod", first: -3...3, second: 0.5...0.9) { _ in ["fmod": .int(1)] }, binary("Mod", first: -3...3, second: 0.5...0.9, opset: 28),
    several("Max"), several("Min"), several("Mean"), several("Sum"),
    limited("Add"), limited("Sub"), limited("Mul"), limited("Div"), limited("Pow"),
    GradientEntry("Dropout") { draw in
      GradientSample(
        attributes: ["seed": .int(draw.int(0...9))], operands: [draw.tensor([3, 4]), Tensor(scalar: 0.25 as Float), Tensor([true], shape: [])], results: 2)
    },
    GradientEntry("PRelu") { draw in
      let shape = draw.shape()
      return GradientSample(operands: [draw.tensor(shape), draw.tensor(draw.part(of: shape))])
    },
    GradientEntry("SwiGLU", opset: 28) { draw in
      let shape = draw.shape()
      return GradientSample(attributes: ["alpha": .float(draw.float())], operands: [draw.tensor(shape), draw.tensor(shape)])
    },
    GradientEntry("CastLike") { draw in
      GradientSample(operands: [draw.tensor(draw.shape()), Tensor([1] as [Float])], isSingle: true)
    },
    GradientEntry("Clip") { draw in
      let bounds = [draw.tensor([], -0.5...0), draw.tensor([], 0...0.5)].map { draw.pick([$0, $0, nil]) }
      return GradientSample(operands: [draw.tensor(draw.shape(1...3, 2...3))] + bounds)
    },
    GradientEntry("Where") { draw in
      let (first, second) = draw.pair()
      let condition = Tensor((0..<2).map { _ in draw.flag() }, shape: [2, 1, 1, 1])
      return GradientSample(operands: [condition, draw.tensor(first), draw.tensor(second)])
    },
  ]

  private static func unary(
    _ name: String, _ range: ClosedRange<Double> = -2...2, opset: Int = 22,
    _ attributes: @escaping @Sendable (inout Draw) -> [String: AttributeValue] = { _ in [:] }
  ) -> GradientEntry {
    GradientEntry(name, opset: opset) { draw in
      GradientSample(attributes: attributes(&draw), operands: [draw.tensor(draw.shape(0...3), range)])
    }
  }

  private static func binary(
    _ name: String, first: ClosedRange<Double> = -1...1, second: ClosedRange<Double> = -1...1, opset: Int = 22,
    _ attributes: @escaping @Sendable (inout Draw) -> [String: AttributeValue] = { _ in [:] }
  ) -> GradientEntry {
    GradientEntry(name, opset: opset) { draw in
      let (a, b) = draw.pair()
      return GradientSample(attributes: attributes(&draw), operands: [draw.tensor(a, first), draw.tensor(b, second)])
    }
  }

  private static func several(_ name: String) -> GradientEntry {
    GradientEntry(name) { draw in
      let shape = draw.shape(2...3, 2...3)
      return GradientSample(operands: (0..<draw.int(2...4)).map { _ in draw.tensor(draw.part(of: shape)) })
    }
  }

  /// As before version 7.
  private static func limited(_ name: String) -> GradientEntry {
    GradientEntry(name, opset: 6) { draw in
      let shape = draw.shape(3...3, 2...3), axis = draw.int(0...2), count = draw.int(1...3 - axis)
      let part = Shape(Array(shape.extents[axis..<axis + count]))
      return GradientSample(
        attributes: ["broadcast": .int(1), "axis": .int(axis)], operands: [draw.tensor(shape, 0.3...2), draw.tensor(part, 0.3...2)])
    }
  }
}

// MARK: Sums, norms, normalizations

extension GradientTable {
  static let reductions: [GradientEntry] = [
    reduction("ReduceL1"), reduction("ReduceL2"), reduction("ReduceLogSum", 0.2...2), reduction("ReduceLogSumExp"), reduction("ReduceMax"),
    reduction("ReduceMean"), reduction("ReduceMin"), reduction("ReduceProd"), reduction("ReduceSum"), reduction("ReduceSumSquare"),
    reduction("ReduceMean", opset: 13), reduction("ReduceMax", opset: 11),
    cumulation("CumSum", opset: 14), cumulation("CumProd", opset: 26),
    alongAxis("Softmax"), alongAxis("LogSoftmax"), alongAxis("Softmax", opset: 11), alongAxis("LogSoftmax", opset: 11),
    alongAxis("LpNormalization") { ["p": .int($0.int(1...2))] },
    GradientEntry("LRN") { draw in
      GradientSample(
        attributes: ["size": .int(draw.int(1...4)), "alpha": .float(draw.float()), "beta": .float(draw.float()), "bias": .float(1)],
        operands: [draw.tensor([2, 4, 2])])
    },
    GradientEntry("MeanVarianceNormalization") { draw in
      GradientSample(
        attributes: ["axes": .ints(Array(draw.permutation(3).prefix(draw.int(1...3))))], operands: [draw.tensor([3, 2, 4])])
    },
    GradientEntry("LayerNormalization") { layerNormalization(&$0, results: 1) },
    GradientEntry("LayerNormalization") { layerNormalization(&$0, results: 3) },
    GradientEntry("RMSNormalization", opset: 23) { draw in
      GradientSample(
        attributes: ["axis": .int(draw.pick([0, 1, -1])), "epsilon": .float(0.1)],
        operands: [draw.tensor([2, 3, 4]), draw.tensor(draw.part(of: [2, 3, 4]))])
    },
    GradientEntry("SimplifiedLayerNormalization") { draw in
      GradientSample(
        attributes: ["axis": .int(-1), "epsilon": .float(0.1)], operands: [draw.tensor([2, 3, 4]), draw.tensor([4])], results: 2)
    },
    GradientEntry("GroupNormalization", opset: 21) { groupNormalization(&$0, parameters: 4) },
    GradientEntry("GroupNormalization", opset: 18) { groupNormalization(&$0, parameters: 2) },
    GradientEntry("InstanceNormalization") { draw in
      let shape = Shape([2, 3] + draw.shape(1...3, 2...3).extents)
      return GradientSample(
        attributes: ["epsilon": .float(0.1)], operands: [draw.tensor(shape), draw.tensor([3]), draw.tensor([3])])
    },
    GradientEntry("BatchNormalization") { draw in
      let shape = Shape([3, 2] + draw.shape(0...2).extents), isTraining = draw.flag()
      return GradientSample(
        attributes: ["epsilon": .float(0.1), "training_mode": .int(isTraining ? 1 : 0)],
        operands: [draw.tensor(shape), draw.tensor([2]), draw.tensor([2]), draw.tensor([2]), draw.tensor([2], 0.3...1)],
        wanted: isTraining ? [0, 1, 2] : nil)
    },
    GradientEntry("BatchNormalization", opset: 8) { draw in
      GradientSample(
        attributes: ["epsilon": .float(0.1), "spatial": .int(0)],
        operands: [draw.tensor([3, 2, 2]), draw.tensor([2, 2]), draw.tensor([2, 2]), draw.tensor([2, 2]), draw.tensor([2, 2], 0.3...1)])
    },
    loss("SoftmaxCrossEntropyLoss", results: 2), loss("NegativeLogLikelihoodLoss", results: 1),
  ]

  private static func reduction(_ name: String, _ range: ClosedRange<Double> = -1...1, opset: Int = 18) -> GradientEntry {
    GradientEntry(name, opset: opset) { draw in
      let shape = draw.shape(1...4), axes = draw.permutation(shape.rank).prefix(draw.int(1...shape.rank))
      let axesAreGiven = draw.flag()
      var sample = GradientSample(attributes: ["keepdims": .int(draw.int(0...1))], operands: [draw.tensor(shape, range)])
      guard axesAreGiven else { return sample }
      if opset < 18 {
        sample.attributes["axes"] = .ints(Array(axes))
      } else {
        sample.operands.append(Tensor(axes.map { Int64($0 - shape.rank) }))
      }
      return sample
    }
  }

  private static func cumulation(_ name: String, opset: Int) -> GradientEntry {
    GradientEntry(name, opset: opset) { draw in
      let shape = draw.shape(1...3)
      return GradientSample(
        attributes: ["exclusive": .int(draw.int(0...1)), "reverse": .int(draw.int(0...1))],
        operands: [draw.tensor(shape), Tensor(scalar: Int64(draw.int(-shape.rank...shape.rank - 1)))])
    }
  }

  private static func alongAxis(
    _ name: String, opset: Int = 22, _ attributes: @escaping @Sendable (inout Draw) -> [String: AttributeValue] = { _ in [:] }
  ) -> GradientEntry {
    GradientEntry(name, opset: opset) { draw in
      let shape = draw.shape(1...3, 2...3), axis = draw.int(0...shape.rank - 1)
      return GradientSample(attributes: attributes(&draw).merging(["axis": .int(axis)]) { $1 }, operands: [draw.tensor(shape, -3...3)])
    }
  }

  private static func layerNormalization(_ draw: inout Draw, results: Int) -> GradientSample {
    let axis = draw.int(-3...2), row = Shape(Array([2, 3, 4].dropFirst((axis + 3) % 3)))
    let parameters = [draw.tensor(draw.part(of: row)), draw.flag() ? draw.tensor(draw.part(of: row)) : nil]
    return GradientSample(
      attributes: ["axis": .int(axis), "epsilon": .float(0.1)], operands: [draw.tensor([2, 3, 4])] + parameters, results: results,
      isSingle: results > 1)
  }

  private static func groupNormalization(_ draw: inout Draw, parameters: Int) -> GradientSample {
    let shape = Shape([2, 4] + draw.shape(1...2, 2...3).extents)
    return GradientSample(
      attributes: ["num_groups": .int(2), "epsilon": .float(0.1)],
      operands: [draw.tensor(shape), draw.tensor([parameters]), draw.tensor([parameters])])
  }

  private static func loss(_ name: String, results: Int) -> GradientEntry {
    GradientEntry(name) { draw in
      let rest = draw.shape(0...2).extents
      var attributes: [String: AttributeValue] = ["reduction": .string(draw.pick(["none", "sum", "mean"]))]
      if draw.flag() { attributes["ignore_index"] = .int(1) }
      return GradientSample(
        attributes: attributes,
        operands: [
          draw.tensor(Shape([4, 3] + rest)),
          Tensor([0, 2, 1, 2].flatMap { [Int64](repeating: $0, count: rest.reduce(1, *)) }, shape: Shape([4] + rest)),
          draw.flag() ? draw.tensor([3], 0.2...1) : nil,
        ], results: results)
    }
  }
}
