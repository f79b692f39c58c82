import CarpusTensors

/// `Y = (X − mean) / √(variance + epsilon) · scale + B`, mean and variance over the spatial axes of each channel of each item.
///
/// - Operands: `X` `[N, C, spatial extents…]`, floating-point; `scale` and `B` `[C]`.
public struct InstanceNormalization: Viewing {
  public static let signature = OperatorSignature("InstanceNormalization", operands: 3...3, gradient: .defined)
  private let epsilon: Double

  public init(_ node: inout NodeReader) throws(OperatorError) {
    epsilon = Double(try node.float("epsilon") ?? 1e-5)
    node.ignore("consumed_inputs")
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.floatingTensor(0)
    guard x.shape.rank.map({ $0 >= 3 }) ?? true else {
      throw .operands("operand 0 must have a batch axis, a channel axis and spatial axes, not \(x.shape)")
    }
    for index in 1...2 {
      let parameter = try operands.tensor(index)
      guard parameter.elementType == x.elementType else { throw .operands("all operands must have one element type") }
      guard parameter.shape.rank ?? 1 == 1, x.shape[1] == nil || parameter.shape[0] == nil || parameter.shape[0] == x.shape[1] else {
        throw .operands("operand \(index) must have one element per channel of \(x.shape), not \(parameter.shape)")
      }
    }
    return [.tensor(x)]
  }

  // MARK: View

  func views(ofOperand index: Int, _ operands: [OperandInfo], result: Shape, number: Int) -> [AxisView]? {
    guard index == 0 else { return nil }
    return operands.shape(0).map { $0.extents.indices.map { $0 < 2 ? .same($0) : .all } }
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    results.elementType(0) == .float64 ? evaluate(Double.self, operands, into: &results) : evaluate(Float.self, operands, into: &results)
  }

  private func evaluate<T: KernelScalar>(_ type: T.Type, _ operands: borrowing Operands, into results: inout Results) {
    let x = operands[0], team = results.team
    let (batch, channels, inner) = x.shape.channels
    let normalized = Tensor(shape: x.shape) { (y: inout MutableSpan<T>) in
      Kernels.layerNormalization(
        x.elements(T.self), gamma: nil, beta: nil, epsilon: epsilon, rows: batch * channels, count: inner, into: &y, team: team)
    }
    ChannelScaling(factors: operands[1].doubles, offsets: operands[2].doubles).apply(to: normalized, into: &results)
  }

  // MARK: Gradient

  /// ∂X is that of `LayerNormalization` over the spatial axes, for the seed ∂Y · scale; ∂scale sums ∂Y times the normalised X, ∂B sums
  /// ∂Y.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil, nil, nil] }
    let x = try step.operand(0), rank = try step.shape(0).rank
    var gradients: [Value?] = [nil, nil, nil]
    if step.wants[0] {
      // 1 / √(variance + epsilon) is 1 for these.
      let shape = try step.shape(1), type = try step.elementType(1)
      let ones = graph.constant(Tensor([Double](repeating: 1, count: shape.count), shape: shape).converted(to: type, team: .single))
      let scaled = try graph.add(BatchNormalizationAdjoint(epsilon: 0), seed, try step.operand(1), ones)
      gradients[0] = try graph.add(LayerNormalizationAdjoint(axis: 2, epsilon: epsilon), scaled, x)
    }
    if step.wants[1] {
      let normalized = try graph.normalized(x, over: Array(2..<rank), epsilon: epsilon).value
      gradients[1] = try graph.summedToChannels(graph.product(seed, normalized))
    }
    if step.wants[2] { gradients[2] = try graph.summedToChannels(seed) }
    return gradients
  }
}
