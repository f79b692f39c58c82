import CarpusTensors

/// `Y = (X − mean) / √(variance + epsilon) · scale + B` per channel.
///
/// Mean and variance are operands; with `training_mode` 1 they are those of the batch, the variance without Bessel's correction.
///
/// - Operands: `X` `[N, C, …]` or `[N]` (one channel), floating-point; `scale`, `B`, `mean`, `variance` `[C]`.
/// - Results: `Y`; with `training_mode` 1 optionally the running mean and variance, `momentum · operand + (1 − momentum) · batch`.
public struct BatchNormalization: Operator {
  public static let signature = OperatorSignature("BatchNormalization", operands: 5...5, results: 1...3, gradient: .defined)
  private let epsilon: Double
  private let momentum: Double
  private let isTraining: Bool

  public init(_ node: inout NodeReader) throws(OperatorError) {
    epsilon = Double(try node.float("epsilon") ?? 1e-5)
    momentum = Double(try node.float("momentum") ?? 0.9)
    isTraining = try node.flag("training_mode", default: false)
    if node.opset < 14, node.resultCount > 1 {
      throw .unsupported("batch statistics before version 14 of the operator set are not available; export the network for inference")
    }
    guard try node.flag("spatial", default: true) else { throw .unsupported("statistics per position (spatial = 0) are not available") }
    node.ignore("is_test")
    node.ignore("consumed_inputs")
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.floatingTensor(0)
    var channels = x.shape.rank == 1 ? 1 : x.shape[1]
    guard x.shape.rank != 0 else { throw .operands("operand 0 must have a batch axis and a channel axis, not be a scalar") }
    var types: [ElementType] = []
    for index in 1...4 {
      let parameter = try operands.floatingTensor(index)
      types.append(parameter.elementType)
      guard parameter.shape.rank ?? 1 == 1, channels == nil || parameter.shape[0] == nil || parameter.shape[0] == channels else {
        let count = channels.map(String.init) ?? "as many"
        throw .operands("operand \(index) must have \(count) elements, one per channel, not \(parameter.shape)")
      }
      channels = channels ?? parameter.shape[0]
    }
    guard isTraining else { return [.tensor(x)] }
    return [.tensor(x), ValueType(types[2], PartialShape([channels])), ValueType(types[3], PartialShape([channels]))]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let x = operands[0]
    let mean = operands[3].doubles, variance = operands[4].doubles
    guard isTraining else {
      ChannelScaling(scale: operands[1].doubles, bias: operands[2].doubles, mean: mean, variance: variance, epsilon: epsilon)
        .apply(to: x, into: &results)
      return
    }
    let batch = x.elementType == .float64 ? Self.moments(Double.self, x) : Self.moments(Float.self, x)
    ChannelScaling(scale: operands[1].doubles, bias: operands[2].doubles, mean: batch.mean, variance: batch.variance, epsilon: epsilon)
      .apply(to: x, into: &results)
    let running = [(1, zip(mean, batch.mean)), (2, zip(variance, batch.variance))]
    for (index, pairs) in running where index < results.count {
      let values = pairs.map { momentum * $0 + (1 - momentum) * $1 }
      if results.elementType(index) == .float64 {
        var target = results.elements(index, as: Double.self)
        for (channel, value) in values.enumerated() { target[channel] = value }
      } else {
        var target = results.elements(index, as: Float.self)
        for (channel, value) in values.enumerated() { target[channel] = Float(value) }
      }
    }
  }

  /// What inference amounts to, `y = factor[c] · x + offset[c]`, if the parameters are constant.
  func affine(of operands: [OperandInfo]) -> (factors: [Double], offsets: [Double])? {
    let parameters = operands.dropFirst().compactMap(\.value?.doubles)
    guard !isTraining, parameters.count == 4 else { return nil }
    let scaling = ChannelScaling(
      scale: parameters[0], bias: parameters[1], mean: parameters[2], variance: parameters[3], epsilon: epsilon)
    return (scaling.factors, scaling.offsets)
  }

  /// Mean and variance of each channel.
  private static func moments<T: KernelScalar>(_ type: T.Type, _ x: Tensor) -> (mean: [Double], variance: [Double]) {
    let (batch, channels, inner) = x.shape.channels
    let values = x.elements(T.self)
    var means: [Double] = [], variances: [Double] = []
    for channel in 0..<channels {
      /// Sums f(x) over the channel.
      func sum(_ f: (Double) -> Double) -> Double {
        var sum = 0.0
        for item in 0..<batch {
          let first = (item * channels + channel) * inner
          for place in first..<first + inner { sum += f(Double(values[place])) }
        }
        return sum
      }
      let count = Double(batch * inner), mean = sum { $0 } / count
      means.append(mean)
      variances.append(sum { ($0 - mean) * ($0 - mean) } / count)
    }
    return (means, variances)
  }

  // MARK: Gradient

  /// ∂X = ∂Y · scale / √(variance + epsilon), for constant statistics.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    for (index, name) in [(1, "the scale"), (2, "the bias"), (3, "the mean"), (4, "the variance")] { try step.refuse(index, name) }
    guard !isTraining else { throw .notDifferentiable("no gradient is defined here for statistics of the batch (training_mode 1)") }
    guard let seed = seeds[0] else { return step.operands.map { _ in nil } }
    let gradient = try graph.add(BatchNormalizationAdjoint(epsilon: epsilon), seed, try step.operand(1), try step.operand(4))
    return [gradient, nil, nil, nil, nil]
  }
}

/// `∂X` of `BatchNormalization` with constant statistics.
///
/// - Operands: `seed`; `scale` and `variance` `[C]`.
struct BatchNormalizationAdjoint: InternalOperator {
  static let signature = OperatorSignature("BatchNormalization", domain: "adjoint", operands: 3...3, gradient: .undefined)
  private let epsilon: Double

  init(epsilon: Double) { self.epsilon = epsilon }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { [.tensor(try operands.floatingTensor(0))] }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let scale = operands[1].doubles, zeros = [Double](repeating: 0, count: scale.count)
    ChannelScaling(scale: scale, bias: zeros, mean: zeros, variance: operands[2].doubles, epsilon: epsilon)
      .apply(to: operands[0], into: &results)
  }
}

/// `y = factor · x + offset` per channel.
struct ChannelScaling {
  let factors: [Double]
  let offsets: [Double]

  /// `(x − mean) / √(variance + epsilon) · scale + bias`
  init(scale: [Double], bias: [Double], mean: [Double], variance: [Double], epsilon: Double) {
    let factors = zip(scale, variance).map { $0 / ($1 + epsilon).squareRoot() }
    self.factors = factors
    offsets = bias.indices.map { bias[$0] - mean[$0] * factors[$0] }
  }

  init(factors: [Double], offsets: [Double]) {
    self.factors = factors
    self.offsets = offsets
  }

  func apply(to x: Tensor, into results: inout Results) {
    let team = results.team
    if x.elementType == .float64 {
      var y = results.elements(0, as: Double.self)
      apply(to: x, into: &y, team: team)
    } else {
      var y = results.elements(0, as: Float.self)
      apply(to: x, into: &y, team: team)
    }
  }

  func apply<T: KernelScalar>(to x: Tensor, into y: inout MutableSpan<T>, team: ThreadTeam) {
    let (batch, channels, inner) = x.shape.channels
    let factors = self.factors.map(T.init), offsets = self.offsets.map(T.init)
    Kernels.scaleChannels(
      x.elements(T.self), scale: factors.span, offset: offsets.span, batch: batch, channels: channels, inner: inner, into: &y, team: team)
  }
}

extension Shape {
  /// `[N, C, …]` as batch × channels × inner; `[N]` has one channel.
  var channels: (batch: Int, channels: Int, inner: Int) {
    rank < 2 ? (count, 1, 1) : (extents[0], extents[1], extents.dropFirst(2).reduce(1, *))
  }
}
