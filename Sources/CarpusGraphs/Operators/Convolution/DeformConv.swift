import CarpusTensors

/// A convolution whose taps are moved: `Y[n,o,p] = B[o] + Σ_{c,k} W[o,c,k] · mask[n,q,k,p] · X[n,c]` at p·stride − pad +
/// k·dilation + `offset[n,q,k,:,p]`, interpolated linearly, 0 outside; q is the offset group of channel c.
///
/// - Operands: `X` `[N×C×…]`, `W` `[M×C/G×…]`, `offset` `[N × Q·K·r × …]` for Q offset groups, K taps and r spatial axes (per tap
/// its r
///   coordinates, outermost axis first); optional `B` `[M]` and `mask` `[N × Q·K × …]`; floating-point; one to three spatial axes.
/// - Throws: when channels, groups and extents do not fit together.
public struct DeformConv: Costed {
  public static let signature = OperatorSignature("DeformConv", since: 19, operands: 3...5, gradient: .defined)
  private let window: WindowAttributes
  private let groups, offsetGroups: Int

  public init(_ node: inout NodeReader) throws(OperatorError) {
    window = try WindowAttributes(&node)
    groups = try node.int("group") ?? 1
    offsetGroups = try node.int("offset_group") ?? 1
    guard groups > 0, offsetGroups > 0, offsetGroups < 1 << 30 else {
      throw .attribute("attributes group and offset_group must be positive, not \(groups) and \(offsetGroups)")
    }
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.floatingTensor(0), w = try operands.tensor(1), offset = try operands.tensor(2)
    for index in 1..<operands.count {
      guard let other = try operands.optionalTensor(index), other.elementType != x.elementType else { continue }
      throw .operands("operand \(index) has elements of type \(other.elementType), X of \(x.elementType)")
    }
    guard let rank = x.shape.rank ?? w.shape.rank else { return [ValueType(x.elementType, .unknown)] }
    guard rank >= 3, [x.shape, w.shape, offset.shape].allSatisfy({ $0.rank ?? rank == rank }) else {
      throw .operands("X, W and offset must have the same rank of at least 3, not \(x.shape), \(w.shape), \(offset.shape)")
    }
    if let channels = x.shape[1] {
      let perGroup = channels / groups
      guard channels > 0, channels % groups == 0, channels % offsetGroups == 0, w.shape[1] ?? perGroup == perGroup else {
        throw .operands("X has \(channels) channels, W takes \(w.shape) in \(groups) groups, offset in \(offsetGroups)")
      }
    }
    if let outputs = w.shape[0], outputs == 0 || outputs % groups != 0 {
      throw .operands("\(outputs) output channels cannot be shared among \(groups) groups")
    }
    let placement = try window.placement(on: (2..<rank).map { x.shape[$0] }, kernel: (2..<rank).map { w.shape[$0] })
    if let kernel = PartialShape(placement.kernel).shape, kernel.count < 1 << 30 {
      let taps = offsetGroups * kernel.count, positions = placement.output
      guard PartialShape([x.shape[0], taps * (rank - 2)] + positions).agrees(with: offset.shape) else {
        throw .operands("offset must be \(PartialShape([x.shape[0], taps * (rank - 2)] + positions)), not \(offset.shape)")
      }
      if let mask = try operands.optionalTensor(4), !PartialShape([x.shape[0], taps] + positions).agrees(with: mask.shape) {
        throw .operands("mask must be \(PartialShape([x.shape[0], taps] + positions)), not \(mask.shape)")
      }
    }
    if let bias = try operands.optionalTensor(3), !PartialShape([w.shape[0]]).agrees(with: bias.shape) {
      throw .operands("B must have one element per output channel, not the shape \(bias.shape)")
    }
    for axis in 2..<rank where x.shape[axis] == 0 { throw .operands("axis \(axis) of X has no elements") }
    return [try Movement.resultType(x.elementType, [x.shape[0], w.shape[0]] + placement.output)]
  }

  private func deformation(_ x: Shape, _ w: Shape) throws(OperatorError) -> Deformation {
    let placed = try window.placement(on: Array(x.extents.dropFirst(2)), kernel: Array(w.extents.dropFirst(2))).window()
    return Deformation(x: x, outputs: w[0], window: placed, groups: groups, offsetGroups: offsetGroups)
  }

  // MARK: Cost

  /// Each element of the result is a sum of C/G products for each tap of the window.
  func multiplyAdds(_ operands: [OperandInfo], _ results: [ValueType]) -> Int? {
    guard let w = operands.shape(1), let y = results.first?.staticShape else { return nil }
    return product(y.extents + w.extents.dropFirst())
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let x = operands[0], w = operands[1], offset = operands[2], bias = operands.optional(3), mask = operands.optional(4)
    let deformation = try deformation(x.shape, w.shape)
    results.elementType(0) == .float64
      ? deformation.evaluate(Double.self, x, w, offset, bias, mask, into: &results)
      : deformation.evaluate(Float.self, x, w, offset, bias, mask, into: &results)
  }

  // MARK: Gradient

  /// Those of the convolution and of the interpolation at each tap, whose slope is that from above at the centres of elements.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return step.operands.map { _ in nil } }
    let mask = step.operands.count > 4 ? step.operands[4] : nil
    let adjoint = DeformConvAdjoint(deformation: try deformation(try step.shape(0), try step.shape(1)))
    let found = try graph.add(
      adjoint, [seed, try step.operand(0), try step.operand(1), try step.operand(2), mask], results: mask == nil ? 3 : 4)
    var gradients: [Value?] = found.prefix(3).map { $0 }
    if step.operands.count > 3 { gradients.append(step.wants[3] ? try graph.summedToChannels(seed) : nil) }
    if step.operands.count > 4 { gradients.append(mask == nil ? nil : found[3]) }
    return gradients.enumerated().map { step.wants[$0] ? $1 : nil }
  }
}

/// `∂X`, `∂W`, `∂offset` and, if there is one, `∂mask` of `DeformConv`.
///
/// - Operands: `seed`, `X`, `W`, `offset`, optional `mask`.
private struct DeformConvAdjoint: InternalOperator {
  static let signature = OperatorSignature("DeformConv", domain: "adjoint", operands: 5...5, results: 3...4, gradient: .undefined)
  let deformation: Deformation

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    var types: [ValueType] = []
    for index in 1...4 { if let type = try operands.optionalTensor(index) { types.append(.tensor(type)) } }
    return types
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let seed = operands[0], x = operands[1], w = operands[2], offset = operands[3], mask = operands.optional(4)
    results.elementType(0) == .float64
      ? deformation.evaluateAdjoint(Double.self, seed, x, w, offset, mask, into: &results)
      : deformation.evaluateAdjoint(Float.self, seed, x, w, offset, mask, into: &results)
  }
}
