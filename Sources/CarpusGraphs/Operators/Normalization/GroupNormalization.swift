import CarpusTensors

/// `Y = (X − mean) / √(variance + epsilon) · scale + bias`, mean and variance over each of `num_groups` groups of neighbouring
/// channels of each item.
///
/// - Operands: `X` `[N×C×…]`, floating-point; `scale` and `bias`, one number per channel (before version 21, per group).
///   `stash_type` has no effect: the moments are always those of float32 or float64.
/// - Throws: when the groups do not divide the channels.
public struct GroupNormalization: Viewing {
  public static let signature = OperatorSignature("GroupNormalization", since: 18, operands: 3...3, gradient: .defined)
  private let groups: Int
  private let epsilon: Double
  private let scalesGroups: Bool

  public init(_ node: inout NodeReader) throws(OperatorError) {
    groups = try node.int(required: "num_groups")
    guard groups > 0 else { throw .attribute("attribute num_groups must be positive, not \(groups)") }
    epsilon = Double(try node.float("epsilon") ?? 1e-5)
    scalesGroups = node.opset < 21
    node.ignore("stash_type")
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.floatingTensor(0)
    if let rank = x.shape.rank, rank < 2 { throw .operands("X must be [N×C×…], not \(x.shape)") }
    if let channels = x.shape[1], channels == 0 || channels % groups != 0 {
      throw .operands("\(channels) channels cannot be shared among \(groups) groups")
    }
    let count = scalesGroups ? groups : x.shape[1]
    for index in 1...2 {
      let parameter = try operands.tensor(index)
      guard parameter.elementType == x.elementType else { throw .operands("all operands must have one element type") }
      guard PartialShape([count]).agrees(with: parameter.shape) else {
        throw .operands("operand \(index) must have one element per \(scalesGroups ? "group" : "channel"), not the shape \(parameter.shape)")
      }
    }
    return [.tensor(x)]
  }

  // MARK: View

  func views(ofOperand index: Int, _ operands: [OperandInfo], result: Shape, number: Int) -> [AxisView]? {
    guard index == 0 else { return nil }
    return operands.shape(0).map { $0.extents.indices.map { $0 == 0 ? .same($0) : .all } }
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let x = operands[0], team = results.team
    let shape = try rows(x.shape), channels = x.shape[1]
    func parameters(_ index: Int) -> [Double] {
      let values = operands[index].doubles
      return scalesGroups ? (0..<channels).map { values[$0 / (channels / groups)] } : values
    }
    let scaling = ChannelScaling(factors: parameters(1), offsets: parameters(2))
    func apply<T: KernelScalar>(_ type: T.Type) {
      let normalized = Tensor(shape: x.shape) { (y: inout MutableSpan<T>) in
        Kernels.layerNormalization(
          x.elements(T.self), gamma: nil, beta: nil, epsilon: epsilon, rows: shape[0], count: shape[1], into: &y, team: team)
      }
      scaling.apply(to: normalized, into: &results)
    }
    results.elementType(0) == .float64 ? apply(Double.self) : apply(Float.self)
  }

  /// One group in each row.
  private func rows(_ x: Shape) throws(OperatorError) -> Shape {
    guard let shape = Shape(checking: [x[0] * groups, x[1] / groups * x.extents.dropFirst(2).reduce(1, *)]) else {
      throw .tooLarge("\(x) in \(groups) groups has more elements than can be counted")
    }
    return shape
  }

  // MARK: Gradient

  /// ∂X is that of `LayerNormalization` over each group for the seed ∂Y · scale; ∂scale sums ∂Y times the normalised X, ∂bias
  /// sums ∂Y.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil, nil, nil] }
    let shape = try step.shape(0), rows = try rows(shape), x = try graph.reshaped(try step.operand(0), to: rows)
    // Parameters lie along axis 1 of these extents.
    let count = try step.shape(1).count, parts = Shape([shape[0], count, shape.count / max(shape[0] * count, 1)])
    let channelSeed = try graph.reshaped(seed, to: parts)
    var gradients: [Value?] = [nil, nil, nil]
    if step.wants[0] {
      let scale = try graph.reshaped(try step.operand(1), to: [1, count, 1])
      let scaled = try graph.reshaped(try graph.product(channelSeed, scale), to: rows)
      gradients[0] = try graph.reshaped(try graph.add(LayerNormalizationAdjoint(axis: 1, epsilon: epsilon), scaled, x), to: shape)
    }
    if step.wants[1] {
      let normalized = try graph.reshaped(try graph.normalized(x, over: [1], epsilon: epsilon).value, to: parts)
      gradients[1] = try graph.summedToChannels(try graph.product(channelSeed, normalized))
    }
    if step.wants[2] { gradients[2] = try graph.summedToChannels(channelSeed) }
    return gradients
  }
}
