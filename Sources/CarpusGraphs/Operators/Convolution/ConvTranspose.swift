import CarpusTensors

/// The transposed convolution: `Y[n, g·M/G + m, p·stride − pad + k·dilation] += W[c,m,k] · X[n,c,p]` for all channels c of group
/// g, taps k and positions p, plus `B`.
///
/// An extent of the result is stride · (extent − 1) + output_padding + (kernel − 1) · dilation + 1 − pads. With `output_shape`,
/// or with `auto_pad` SAME (extent · stride), it is given and the pads follow, an odd one at the end with SAME_UPPER, otherwise
/// at the beginning
/// (so in all versions, as version 11 corrected the text).
///
/// - Operands: `X` `[N×C×…]`, `W` `[C×M/G×…]`, optional `B` `[M]`; floating-point; one to three spatial axes.
/// - Throws: when channels and groups do not fit together, or nothing is left of the result.
public struct ConvTranspose: Preparing, Viewing, Costed {
  public static let signature = OperatorSignature("ConvTranspose", operands: 2...3, gradient: .defined)
  private let window: WindowAttributes
  private let groups: Int
  private let outputPadding: [Int]?
  private let outputShape: [Int]?

  public init(_ node: inout NodeReader) throws(OperatorError) {
    window = try WindowAttributes(&node)
    groups = try node.int("group") ?? 1
    guard groups > 0 else { throw .attribute("attribute group must be positive, not \(groups)") }
    outputPadding = try Self.extents(&node, "output_padding", from: 0)
    outputShape = try Self.extents(&node, "output_shape", from: 1)
  }

  private static func extents(_ node: inout NodeReader, _ name: String, from lowest: Int) throws(OperatorError) -> [Int]? {
    guard let values = try node.ints(name), !values.isEmpty else { return nil }
    guard values.allSatisfy({ (lowest..<1 << 30).contains($0) }) else {
      throw .attribute("attribute \(name) must have numbers from \(lowest) to 2^30, not \(values)")
    }
    return values
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let (x, w, rank) = try operands.convolved(weights: "C×M/G×…")
    guard let rank else { return [ValueType(x.elementType, .unknown)] }
    if let channels = x.shape[1] ?? w.shape[0] {
      guard w.shape[0] == nil || w.shape[0] == channels, channels > 0, channels % groups == 0 else {
        throw .operands("X has \(channels) channels, W takes \(w.shape[0] ?? channels) in \(groups) groups")
      }
    }
    let outputs = try outputChannels(w.shape)
    if let outputs, let bias = try operands.optionalTensor(2), !PartialShape([outputs]).agrees(with: bias.shape) {
      throw .operands("B must have \(outputs) elements, not the shape \(bias.shape)")
    }
    let axes = try axes(x.shape, w.shape, rank: rank)
    return [try Movement.resultType(x.elementType, [x.shape[0], outputs] + axes.map { $0?.output })]
  }

  private func outputChannels(_ w: PartialShape) throws(OperatorError) -> Int? {
    guard let perGroup = w[1] else { return nil }
    let (outputs, overflow) = perGroup.multipliedReportingOverflow(by: groups)
    guard !overflow, outputs > 0, outputs < 1 << 48 else { throw .operands("W has \(perGroup) output channels in each of \(groups) groups") }
    return outputs
  }

  private struct Axis {
    let output, before, after: Int
  }

  /// What is known of each spatial axis of the result.
  private func axes(_ x: PartialShape, _ w: PartialShape, rank: Int) throws(OperatorError) -> [Axis?] {
    let spatial = rank - 2
    // The window lies on the result; only its attributes are looked at here.
    let attributes = try window.placement(on: [Int?](repeating: nil, count: spatial), kernel: (2..<rank).map { w[$0] })
    for (name, values) in [("output_padding", outputPadding), ("output_shape", outputShape)] {
      guard let values, values.count != spatial else { continue }
      throw .attribute("attribute \(name) must have \(spatial) numbers for \(spatial) spatial axes, not \(values.count)")
    }
    return try (0..<spatial).map { index throws(OperatorError) -> Axis? in
      guard let input = x[index + 2], let kernel = attributes.kernel[index] else { return nil }
      guard input > 0, input < 1 << 30 else { throw .operands("an axis of \(input) elements cannot be convolved") }
      let stride = attributes.strides[index], padding = outputPadding?[index] ?? 0
      let natural = stride * (input - 1) + padding + (kernel - 1) * attributes.dilations[index] + 1
      if window.padding == .sameUpper || window.padding == .sameLower || outputShape != nil {
        let output = outputShape?[index] ?? input * stride
        guard natural - output > -max(stride, attributes.dilations[index]) else {
          throw .operands("attribute output_shape is \(output) where at most \(natural + stride - 1) elements can come of \(input)")
        }
        let total = max(natural - output, 0), half = total / 2
        return window.padding == .sameUpper
          ? Axis(output: output, before: half, after: total - half) : Axis(output: output, before: total - half, after: half)
      }
      let (before, after) = (attributes.padsBegin[index] ?? 0, attributes.padsEnd[index] ?? 0), output = natural - before - after
      guard output > 0 else { throw .operands("nothing is left of \(natural) elements without pads of \(before) and \(after)") }
      return Axis(output: output, before: before, after: after)
    }
  }

  /// The convolution whose adjoint this is.
  private func convolution(_ x: Shape, _ w: Shape) throws(OperatorError) -> Convolution {
    let axes = try axes(PartialShape(x), PartialShape(w), rank: x.rank).compactMap(\.self), ones = [Int](repeating: 1, count: x.rank - 2)
    guard
      let window = SlidingWindow(
        input: axes.map(\.output), output: Array(x.extents.dropFirst(2)), kernel: Array(w.extents.dropFirst(2)),
        strides: self.window.strides ?? ones, dilations: self.window.dilations ?? ones, padsBegin: axes.map(\.before),
        padsEnd: axes.map(\.after)),
      let outputs = try outputChannels(PartialShape(w)),
      let convolution = Convolution(batch: x[0], groups: groups, inputChannels: outputs, outputChannels: x[1], window: window)
    else { throw .unsupported("a transposed convolution of \(x) with weights \(w) in \(groups) groups cannot be laid out") }
    return convolution
  }

  // MARK: View

  func views(ofOperand index: Int, _ operands: [OperandInfo], result: Shape, number: Int) -> [AxisView]? {
    guard index == 0, let x = operands.shape(0), let w = operands.shape(1),
      let axes = try? axes(PartialShape(x), PartialShape(w), rank: x.rank)
    else { return nil }
    var views: [AxisView] = [.same(0), .regrouped(axes: [1])]
    for (index, axis) in axes.enumerated() {
      guard let axis else { return nil }
      // Position o has got something from p where p · stride − before + k · dilation = o.
      let stride = Double(window.strides?[index] ?? 1), reach = Double((w[index + 2] - 1) * (window.dilations?[index] ?? 1))
      let last = Double(axis.before) / stride
      views.append(.window(axis: index + 2, stride: 1 / stride, first: last - reach / stride, last: last))
    }
    return views
  }

  // MARK: Cost

  /// Each element of X is multiplied by M/G weights for each tap.
  func multiplyAdds(_ operands: [OperandInfo], _ results: [ValueType]) -> Int? {
    guard let x = operands.shape(0), let w = operands.shape(1) else { return nil }
    return product(x.extents + w.extents.dropFirst())
  }

  // MARK: Kernel

  public func prepared(for operands: [OperandInfo]) throws(OperatorError) -> any Operator {
    guard let x = try operands.tensor(0).shape.shape, let w = try operands.tensor(1).shape.shape else { return self }
    return try ConvInputAdjoint(try convolution(x, w)).prepared(for: operands)
  }

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    ConvInputAdjoint(try convolution(operands[0].shape, operands[1].shape)).evaluate(operands, into: &results)
  }

  // MARK: Gradient

  /// ∂X is the convolution of ∂Y with W; ∂W is that of a convolution of ∂Y whose seed is X; ∂B is ∂Y summed over all but the
  /// channels.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return step.operands.map { _ in nil } }
    let convolution = try convolution(try step.shape(0), try step.shape(1))
    var gradients = step.operands.map { _ -> Value? in nil }
    if step.wants[0] { gradients[0] = try graph.add(ConvAdjoint(convolution), seed, try step.operand(1)) }
    if step.wants[1] { gradients[1] = try graph.add(ConvWeightAdjoint(convolution), try step.operand(0), seed) }
    if gradients.count > 2, step.wants[2] { gradients[2] = try graph.summedToChannels(seed) }
    return gradients
  }
}
