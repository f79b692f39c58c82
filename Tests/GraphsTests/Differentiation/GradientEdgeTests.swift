import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

private let inf = Double.infinity, nan = Double.nan

/// Kinks, ties, poles and saturation. The numbers are those of PyTorch 2.13 in float64 (`torch.autograd.grad` of the sum of the
/// results, times the seed where there is one), for the function of the name or the one that is named beside it.
@Suite struct GradientEdgeTests {
  struct Edge: Sendable, CustomTestStringConvertible {
    let name: String
    var attributes: [String: AttributeValue] = [:]
    var opset = 22
    var operands: [Tensor]
    var seed: [Double]?
    let gradients: [[Double]]

    var testDescription: String { "\(name) \(attributes)" }

    /// Of one operand that is a vector.
    init(_ name: String, _ attributes: [String: AttributeValue] = [:], at x: [Double], _ gradient: [Double], opset: Int = 22, seed: [Double]? = nil) {
      self.init(name, attributes, of: [Tensor(x)], [gradient], opset: opset, seed: seed)
    }

    init(
      _ name: String, _ attributes: [String: AttributeValue] = [:], of operands: [Tensor], _ gradients: [[Double]], opset: Int = 22, seed: [Double]? = nil
    ) {
      (self.name, self.attributes, self.operands, self.gradients, self.opset, self.seed) = (name, attributes, operands, gradients, opset, seed)
    }
  }

  static let kinks: [Edge] = [
    Edge("Abs", at: [-1, 0, 2], [-1, 0, 1]), Edge("Relu", at: [-1, 0, 2], [0, 0, 1]),
    Edge("LeakyRelu", ["alpha": .float(0.25)], at: [-1, 0, 2], [0.25, 0.25, 1]),
    Edge("PRelu", of: [Tensor([-1.0, 0, 2]), Tensor([0.25])], [[0.25, 0.25, 1], [-1]]),
    // relu6; `clamp` has 1 at both ends.
    Edge("Clip", ["min": .float(0), "max": .float(6)], at: [-1, 0, 3, 6, 7], [0, 0, 1, 0, 0], opset: 6),
    Edge("HardSwish", at: [-4, -3, -1, 0, 3, 4], [0, 0, 1.0 / 6, 0.5, 1, 1]),
    Edge("HardSigmoid", ["alpha": .float(0.125)], at: [-5, -4, 0, 4, 5], [0, 0, 0.125, 0, 0]),
    Edge("Elu", at: [-1, 0, 1], [0.36787944117144233, 1, 1]), Edge("Celu", ["alpha": .float(2)], at: [-1, 0, 1], [0.6065306597126334, 1, 1]),
    // softshrink and hardshrink
    Edge("Shrink", ["lambd": .float(0.5), "bias": .float(0.5)], at: [-0.5, 0, 0.5, 1], [0, 0, 0, 1]),
    Edge("Shrink", ["lambd": .float(0.5)], at: [-0.5, 0, 0.5, 1], [0, 0, 0, 1]),
    Edge("ThresholdedRelu", ["alpha": .float(1)], at: [0.5, 1, 2], [0, 0, 1]), Edge("Softsign", at: [-1, 0, 1], [0.25, 1, 0.25]),
    Edge("Floor", at: [0.5, 1], [0, 0]), Edge("Ceil", at: [0.5, 1], [0, 0]), Edge("Round", at: [0.5, 1], [0, 0]), Edge("Sign", at: [-1, 0, 2], [0, 0, 0]),
    // fmod and remainder
    Edge("Mod", ["fmod": .int(1)], of: [Tensor([5.0, -5]), Tensor([2.0, 2])], [[1, 1], [-2, 2]]),
    Edge("Mod", of: [Tensor([5.0, -5]), Tensor([2.0, 2])], [[1, 1], [-2, 3]], opset: 28),
  ]

  static let poles: [Edge] = [
    Edge("Sqrt", at: [0, 4, -1], [inf, 0.25, nan]), Edge("Log", at: [0, 2, -1], [inf, 0.5, -1]), Edge("Reciprocal", at: [0, 2], [-inf, -0.25]),
    Edge("Asin", at: [1, 0], [inf, 1]), Edge("Acos", at: [1, 0], [-inf, -1]), Edge("Acosh", at: [1, 2], [inf, 0.5773502691896258]),
    Edge("Atanh", at: [1, 0], [inf, 1]),
    Edge("Div", of: [Tensor([1.0, 0, -1, 1]), Tensor([0.0, 0, 0, 2])], [[inf, inf, inf, 0.5], [-inf, nan, inf, -0.25]]),
    Edge(
      "Pow", of: [Tensor([0.0, 0, 0, -2, -2, 2, 0, 0]), Tensor([0, 1, 2, 2, 0.5, 0, 0.5, -1])],
      [[0, 1, 0, -4, nan, 0, inf, -inf], [0, 0, 0, nan, nan, 0.6931471805599453, 0, -inf]]),
  ]

  static let saturation: [Edge] = [
    Edge("Softplus", at: [-800, 0, 800], [0, 0.5, 1]), Edge("Sigmoid", at: [-800, 800], [0, 0]), Edge("Tanh", at: [-800, 800], [0, 0]),
    Edge("Mish", at: [-800, 0, 800], [0, 0.6, 1]), Edge("Swish", at: [-800, 0, 800], [0, 0.5, 1], opset: 24),
    Edge("Erf", at: [-40, 40], [0, 0]), Edge("Gelu", at: [-40, 0, 40], [0, 0.5, 1]),
    Edge("Gelu", ["approximate": .string("tanh")], at: [-40, 0, 40], [0, 0.5, 1]),
    Edge("Softmax", at: [1, 1, 1], [-0.4444444444444443, -0.11111111111111101, 0.5555555555555556], seed: [1, 2, 4]),
    Edge("Softmax", at: [0, -inf, 0], [-0.75, 0, 0.75], seed: [1, 2, 4]), Edge("Softmax", at: [1000, 0, -1000], [0, 0, 0], seed: [1, 2, 4]),
    Edge("Softmax", at: [inf, 0, 1], [nan, nan, nan], seed: [1, 2, 4]),
    Edge("LogSoftmax", at: [0, -1000, 1000], [1, 2, -3], seed: [1, 2, 4]), Edge("LogSoftmax", at: [0, -inf, 0], [-1.5, 0, 1.5], seed: [1, 0, 4]),
    // PyTorch has NaN where all are -∞.
    Edge(
      "ReduceLogSumExp", ["axes": .ints([1]), "keepdims": .int(0)], of: [Tensor([1, 1, -inf, -inf, inf, 1, 1000, 999], shape: [4, 2])],
      [[0.5, 0.5, 0, 0, nan, 0, 0.7310585786300168, 0.2689414213699995]], opset: 13),
    Edge(
      "LayerNormalization", ["epsilon": .float(0.25)], of: [Tensor([2.0, 2, 2], shape: [1, 3]), Tensor([1.0, 2, 4])],
      [[-8.0 / 3, -2.0 / 3, 10.0 / 3], [0, 0, 0]]),
  ]

  private static let corners = [Tensor([1.0, 2, 4, 8], shape: [1, 1, 2, 2]), Tensor([-1.0, -1, 1, 1, 1.5, 0], shape: [1, 1, 3, 2])]

  /// grid_sample at the corners and beyond, with align_corners; attention to a query that sees no key; batch_norm of equal numbers.
  static let borders: [Edge] = [
    Edge(
      "GridSample", ["align_corners": .int(1), "padding_mode": .string("border")], of: corners,
      [[1, 0.5, 0, 1.5], [0, 0, 0, 0, 0, 3]]),
    Edge(
      "GridSample", ["align_corners": .int(1), "padding_mode": .string("zeros")], of: corners,
      [[1, 0.375, 0, 1.375], [0.5, 1.5, -4, -4, -2.5, 2.25]]),
    Edge(
      "GridSample", ["align_corners": .int(1), "padding_mode": .string("reflection")], of: corners,
      [[1.125, 0.375, 0.125, 1.375], [0, 0, 0, 0, -1.25, 2.625]]),
    Edge(
      "Attention",
      of: [
        Tensor([1.0, 2, 3, 4], shape: [1, 1, 2, 2]), Tensor([1.0, 0, 0, 1], shape: [1, 1, 2, 2]), Tensor([1.0, 2, 3, 5], shape: [1, 1, 2, 2]),
        Tensor([true, false, false, false], shape: [2, 2]),
      ], [[0, 0, 0, 0], [0, 0, 0, 0], [1, 1, 0, 0]], opset: 23),
    Edge(
      "BatchNormalization", ["training_mode": .int(1), "epsilon": .float(0.25)],
      of: [Tensor([2.0, 2, 2], shape: [3, 1]), Tensor([1.5]), Tensor([0.0]), Tensor([0.0]), Tensor([1.0])], [[-4, -1, 5], [0], [7], [0], [0]],
      seed: [1, 2, 4]),
    Edge("Softmax", at: [-inf, -inf], [nan, nan], seed: [1, 2]),
    Edge("ReduceLogSum", rows, of: [Tensor([0.0, 0, 1, 3], shape: [2, 2])], [[inf, inf, 0.25, 0.25]], opset: 13),
    Edge(
      "LpPool", ["kernel_shape": .ints([2]), "strides": .ints([2]), "p": .int(3)], of: [Tensor([0.0, 0, 3, 4], shape: [1, 1, 4])],
      [[0, 0, 0.4448513517305353, 0.7908468475209517]]),
  ]

  private static let rows: [String: AttributeValue] = ["axes": .ints([1]), "keepdims": .int(0)]
  private static let zeros = Tensor([0.0, 2, 3, 0, 0, 3, 1, 2, 3], shape: [3, 3])

  static let ties: [Edge] = [
    Edge("Max", of: [Tensor([1.0, 2, 3]), Tensor([1.0, 5, 0])], [[0.5, 0, 1], [0.5, 1, 0]]),
    Edge("Min", of: [Tensor([1.0, 2, 3]), Tensor([1.0, 5, 0])], [[0.5, 1, 0], [0.5, 0, 1]]),
    // amax and amin; of stacked tensors for three operands.
    Edge("ReduceMax", rows, of: [Tensor([1.0, 2, 2, 0, 3, 3, 3, 3], shape: [2, 4])], [[0, 0.5, 0.5, 0, 0.25, 0.25, 0.25, 0.25]], opset: 13),
    Edge("ReduceMin", rows, of: [Tensor([1.0, 2, 2, 1, 3, 3, 3, 3], shape: [2, 4])], [[0.5, 0, 0, 0.5, 0.25, 0.25, 0.25, 0.25]], opset: 13),
    Edge("ReduceL2", rows, of: [Tensor([0.0, 0, 3, 4], shape: [2, 2])], [[0, 0, 0.6, 0.8]], opset: 13),
    Edge("ReduceL1", rows, of: [Tensor([0.0, 0, 3, -4], shape: [2, 2])], [[0, 0, 1, -1]], opset: 13),
    Edge("ReduceProd", rows, of: [zeros], [[6, 0, 0, 0, 0, 0, 6, 3, 2]], opset: 13),
    Edge("CumProd", of: [zeros, Tensor(scalar: Int64(1))], [[9, 0, 0, 1, 0, 0, 9, 4, 2]], opset: 26),
    Edge("Gather", of: [Tensor([1.0, 2, 3]), Tensor([0, 2, 0, -1] as [Int64])], [[5, 0, 10]], seed: [1, 2, 4, 8]),
    Edge("MaxPool", ["kernel_shape": .ints([2, 2])], of: [Tensor([Double](repeating: 1, count: 9), shape: [1, 1, 3, 3])], [[1, 1, 0, 1, 1, 0, 0, 0, 0]]),
    Edge("Max", of: [Tensor([1.0]), Tensor([1.0]), Tensor([1.0])], [[1.0 / 3], [1.0 / 3], [1.0 / 3]]),
    // scatter_reduce, places that come twice
    Edge(
      "ScatterElements", ["reduction": .string("add")], of: [Tensor([1.0, 2, 3]), Tensor([0, 0, 2] as [Int64]), Tensor([4.0, 5, 6])],
      [[1, 2, 4], [1, 1, 4]], seed: [1, 2, 4]),
    Edge(
      "ScatterElements", ["reduction": .string("max")], of: [Tensor([5.0, 2, 3]), Tensor([0, 0, 2] as [Int64]), Tensor([4.0, 5, 6])],
      [[0.5, 2, 0], [0, 0.5, 4]], seed: [1, 2, 4]),
    Edge(
      "ScatterElements", ["reduction": .string("mul")], of: [Tensor([5.0, 2, 3]), Tensor([0, 0, 2] as [Int64]), Tensor([0.0, 5, 6])],
      [[0, 2, 24], [25, 0, 12]], seed: [1, 2, 4]),
    Edge("Det", of: [Tensor([1.0, 2, 2, 4], shape: [2, 2])], [[4, -2, -2, 1]]),
    Edge("GlobalMaxPool", of: [Tensor([2.0, 2, 2, 1], shape: [1, 1, 2, 2])], [[1, 0, 0, 0]]),
    Edge("LpPool", ["kernel_shape": .ints([2]), "strides": .ints([2])], of: [Tensor([0.0, 0, 3, 4], shape: [1, 1, 4])], [[0, 0, 0.6, 0.8]]),
    Edge(
      "MaxPool", ["kernel_shape": .ints([2, 2]), "strides": .ints([2, 2]), "dilations": .ints([2, 2]), "pads": .ints([1, 1, 1, 1]), "ceil_mode": .int(1)],
      of: [Tensor((0..<25).map { Double($0 * 7 % 11) }, shape: [1, 1, 5, 5])], [[0, 0, 0, 0, 0, 0, 4, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 3, 0, 0, 0, 0, 0, 0]]),
  ]

  /// avg_pool2d, kernel 3, stride 2, padding 1, on 4 × 3: what the last row of windows is divided by depends on both attributes. By rows.
  static let averages: [Edge] = [
    average(true, roundsUp: true, [1.0 / 9, 2.0 / 9, 1.0 / 9, 5.0 / 18]), average(true, roundsUp: false, [1.0 / 9, 2.0 / 9, 1.0 / 9, 1.0 / 9]),
    average(false, roundsUp: true, [0.25, 5.0 / 12, 1.0 / 6, 2.0 / 3]), average(false, roundsUp: false, [0.25, 5.0 / 12, 1.0 / 6, 1.0 / 6]),
  ]

  private static func average(_ includesPadding: Bool, roundsUp: Bool, _ rows: [Double]) -> Edge {
    let attributes: [String: AttributeValue] = [
      "kernel_shape": .ints([3, 3]), "strides": .ints([2, 2]), "pads": .ints([1, 1, 1, 1]), "count_include_pad": .int(includesPadding ? 1 : 0),
      "ceil_mode": .int(roundsUp ? 1 : 0),
    ]
    return Edge("AveragePool", attributes, of: [Tensor(zeros: .float64, shape: [1, 1, 4, 3])], [rows.flatMap { [$0, 2 * $0, $0] }])
  }

  static let all = kinks + poles + saturation + borders + ties + averages

  @Test(arguments: all) func torch(_ edge: Edge) throws {
    let node = try TestNode(edge.name, opset: edge.opset, edge.attributes, operands: edge.operands.count)
    let integers = edge.operands.indices.filter { edge.operands[$0].elementType != .float64 }
    let run = try OperatorRun(node, edge.operands, constants: Set(integers))
    let shape = try #require(run.graph.type(of: run.results[0]).staticShape)
    let seed = Tensor(edge.seed ?? [Double](repeating: 1, count: shape.count), shape: shape)
    let variables = run.operands.enumerated().compactMap { integers.contains($0) ? nil : $1 }
    let gradients = try run.graph.gradients(of: run.results[0], seed: seed, withRespectTo: variables, for: run.inputs).map(\.doubles)
    #expect(gradients.count == edge.gradients.count)
    for (actual, expected) in zip(gradients, edge.gradients) {
      let agrees = zip(actual, expected).map { $0 == $1 || ($0.isNaN && $1.isNaN) || abs($0 - $1) <= 1e-14 }
      #expect(actual.count == expected.count && agrees.allSatisfy(\.self), "\(actual), not \(expected)")
    }
  }
}
