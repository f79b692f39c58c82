import CarpusTensors

/// `Y = (X − mean) / √(variance + epsilon) · scale + B` per channel.
///
/// Mean and variance are operands; while training they are those of the batch, the variance without Bessel's correction. It is trained
/// with `training_mode` 1; from version 7 to 13 where more results than `Y` are asked for; before that unless `is_test` is 1.
///
/// - Operands: `X` `[N, C, …]` or `[N]` (one channel), floating-point; `scale`, `B`, `mean`, `variance` `[C]`. Before version 9, with
///   `spatial` 0, each place of an item is a channel, and the others have the shape of an item, or as many elements.
/// - Results: `Y`; while training optionally the running mean and variance, `momentum · operand + (1 − momentum) · batch`; before
///   version 14 after them the mean and variance of the batch.
public struct BatchNormalization: Viewing {
  public static let signature = OperatorSignature("BatchNormalization", operands: 5...5, results: 1...5, gradient: .defined)
  private let epsilon: Double
  private let momentum: Double
  private let isTraining: Bool
  private let givesStatistics: Bool
  private let isSpatial: Bool

  public init(_ node: inout NodeReader) throws(OperatorError) {
    epsilon = Double(try node.float("epsilon") ?? 1e-5)
    momentum = Double(try node.float("momentum") ?? 0.9)
    givesStatistics = node.opset < 14
    isSpatial = node.opset < 9 ? try node.flag("spatial", default: true) : true
    switch node.opset {
    case 14...: isTraining = try node.flag("training_mode", default: false)
    case 7...: isTraining = node.resultCount > 1
    default: isTraining = try !node.flag("is_test", default: false)
    }
    node.ignore("consumed_inputs")
  }

  // MARK: Shape

  /// The number of channels, if it is known.
  private func channels(_ x: PartialShape) -> Int? {
    if isSpatial { return x.rank == 1 ? 1 : x[1] }
    return x.extents.flatMap { PartialShape(Array($0.dropFirst())).shape?.count }
  }

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.floatingTensor(0)
    guard x.shape.rank != 0 else { throw .operands("operand 0 must have a batch axis and a channel axis, not be a scalar") }
    var channels = self.channels(x.shape), types: [TensorType] = []
    for index in 1...4 {
      let parameter = try operands.floatingTensor(index)
      types.append(parameter)
      let own = isSpatial ? parameter.shape[0] : parameter.shape.shape?.count
      guard !isSpatial || parameter.shape.rank ?? 1 == 1, channels == nil || own == nil || own == channels else {
        let count = channels.map(String.init) ?? "as many"
        throw .operands("operand \(index) must have \(count) elements, one per channel, not \(parameter.shape)")
      }
      channels = channels ?? own
    }
    guard isTraining else { return [.tensor(x)] }
    let statistics = [types[2], types[3]].map { type in
      ValueType(type.elementType, isSpatial ? PartialShape([channels]) : type.shape)
    }
    return [.tensor(x)] + statistics + (givesStatistics ? statistics : [])
  }

  // MARK: View

  func views(ofOperand index: Int, _ operands: [OperandInfo], result: Shape, number: Int) -> [AxisView]? {
    guard index == 0 else { return nil }
    return operands.shape(0).map { $0.extents.indices.map { isTraining && $0 != 1 ? .all : .same($0) } }
  }

  // MARK: Kernel

  /// `X` with its channels on axis 1, or as one axis.
  private func arranged(_ x: Shape) -> Shape {
    isSpatial ? x : Shape([x[0], x.extents.dropFirst().reduce(1, *)])
  }

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let x = operands[0].reshaped(arranged(operands[0].shape))
    let mean = operands[3].doubles, variance = operands[4].doubles
    let batch = !isTraining ? (mean, variance) : x.elementType == .float64 ? Self.moments(Double.self, x) : Self.moments(Float.self, x)
    ChannelScaling(scale: operands[1].doubles, bias: operands[2].doubles, mean: batch.0, variance: batch.1, epsilon: epsilon)
      .apply(to: x, into: &results)
    guard isTraining else { return }
    func running(_ old: [Double], _ new: [Double]) -> [Double] { zip(old, new).map { momentum * $0 + (1 - momentum) * $1 } }
    let statistics = [running(mean, batch.0), running(variance, batch.1), batch.0, batch.1]
    for (index, values) in statistics.enumerated() where index + 1 < results.count {
      results.copyElements(of: Tensor(values).converted(to: results.elementType(index + 1)), to: index + 1)
    }
  }

  /// What inference amounts to, `y = factor[c] · x + offset[c]`, if the parameters are constant.
  func affine(of operands: [OperandInfo]) -> (factors: [Double], offsets: [Double])? {
    let parameters = operands.dropFirst().compactMap(\.value?.doubles)
    guard isSpatial, !isTraining, parameters.count == 4 else { return nil }
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

  /// With `r = 1 / √(variance + epsilon)` and `Z = (X − mean) r`: ∂X = scale r ∂Y, ∂scale = Σ Z ∂Y, ∂B = Σ ∂Y, ∂mean = −Σ ∂X,
  /// ∂variance = −½ r Σ Z ∂X. While training ∂X = scale r (∂Y − average of ∂Y − Z · average of Z ∂Y) with the batch's mean and variance.
  /// None flows through the statistics of a batch to elsewhere, as in PyTorch.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let given = seeds[0] else { return step.operands.map { _ in nil } }
    let whole = try step.shape(0), shape = arranged(whole), type = try step.elementType(0)
    let channels = Shape([shape.rank == 1 ? 1 : shape[1]])
    // The shape in which one number per channel broadcasts.
    let line = Shape(channels.extents + [Int](repeating: 1, count: max(shape.rank - 2, 0)))
    let seed = try graph.reshaped(given, to: shape), x = try graph.reshaped(step.operand(0), to: shape)
    func parameter(_ index: Int, _ graph: inout GraphBuilder) throws(OperatorError) -> Value {
      try graph.reshaped(graph.add(Cast(to: type), step.operand(index)), to: line)
    }
    func average(_ x: Value, _ graph: inout GraphBuilder) throws(OperatorError) -> Value {
      try graph.scaled(graph.summed(x, to: line), by: Double(line.count) / Double(max(shape.count, 1)))
    }
    func place(_ gradient: Value, _ index: Int, _ graph: inout GraphBuilder) throws(OperatorError) -> Value {
      let sum = try graph.summed(gradient, to: index == 0 ? shape : line)
      return try graph.add(Cast(to: step.elementType(index)), graph.reshaped(sum, to: step.shape(index)))
    }

    var variance = try step.operand(4), inner = seed, z: Value?, r: Value?
    if isTraining || step.wants[1] || step.wants[4] {
      let centred = try graph.add(Sub(), x, isTraining ? average(x, &graph) : parameter(3, &graph))
      if isTraining { variance = try average(graph.product(centred, centred), &graph) }
      let spread = try isTraining ? variance : parameter(4, &graph)
      let factor = try graph.add(Reciprocal(), graph.add(Sqrt(), graph.shifted(spread, by: epsilon)))
      let normal = try graph.product(centred, factor)
      if isTraining {
        inner = try graph.add(Sub(), inner, average(seed, &graph))
        inner = try graph.add(Sub(), inner, graph.product(normal, average(graph.product(normal, seed), &graph)))
      }
      (z, r) = (normal, factor)
    }
    let scale = try graph.reshaped(step.operand(1), to: channels)
    let dX = try graph.add(BatchNormalizationAdjoint(epsilon: epsilon), inner, scale, graph.reshaped(variance, to: channels))

    var gradients = [Value?](repeating: nil, count: 5)
    if step.wants[0] { gradients[0] = try place(dX, 0, &graph) }
    if step.wants[1], let z { gradients[1] = try place(graph.product(z, seed), 1, &graph) }
    if step.wants[2] { gradients[2] = try place(seed, 2, &graph) }
    guard !isTraining else { return gradients }
    if step.wants[3] { gradients[3] = try place(graph.negated(dX), 3, &graph) }
    if step.wants[4], let z, let r { gradients[4] = try place(graph.scaled(graph.product(graph.product(z, dX), r), by: -0.5), 4, &graph) }
    return gradients
  }
}

/// `∂X` of `BatchNormalization` with constant statistics.
///
/// - Operands: `seed`; `scale` and `variance` `[C]`.
struct BatchNormalizationAdjoint: InternalOperator, Lowered {
  static let signature = OperatorSignature("BatchNormalization", domain: "adjoint", operands: 3...3, gradient: .undefined)
  private let epsilon: Double

  init(epsilon: Double) { self.epsilon = epsilon }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { [.tensor(try operands.floatingTensor(0))] }

  /// One factor for each channel, if the parameters are constant.
  func factors(of operands: [OperandInfo]) -> [Double]? {
    guard let scale = operands[1].value?.doubles, let variance = operands[2].value?.doubles else { return nil }
    let zeros = [Double](repeating: 0, count: scale.count)
    return ChannelScaling(scale: scale, bias: zeros, mean: zeros, variance: variance, epsilon: epsilon).factors
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let scale = operands[1].doubles, zeros = [Double](repeating: 0, count: scale.count)
    ChannelScaling(scale: scale, bias: zeros, mean: zeros, variance: operands[2].doubles, epsilon: epsilon)
      .apply(to: operands[0], into: &results)
  }

  /// The factor of each channel is calculated in float64, before the run if the parameters are constant.
  func lowered(_ operands: [Value?], _ infos: [OperandInfo], opset: Int, in graph: inout GraphBuilder) throws(OperatorError) -> [Value] {
    let seed = try operands.present(0), type = try infos.tensor(0)
    guard let rank = type.shape.rank, let channels = try infos.tensor(1).shape.shape?.count else {
      throw .unsupported("only a gradient of known shapes can be written")
    }
    let scale = try graph.add(Cast(to: .float64), operands.present(1)), variance = try graph.add(Cast(to: .float64), operands.present(2))
    let factor = try graph.quotient(scale, graph.add(Sqrt(), graph.shifted(variance, by: epsilon)))
    let shape = rank < 2 ? Shape([channels]) : Shape([channels] + [Int](repeating: 1, count: rank - 2))
    return [try graph.product(seed, graph.reshaped(graph.add(Cast(to: type.elementType), factor), to: shape))]
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
