import CarpusTensors

/// `Y[n,o,p] = B[o] + Σ_{c,k} W[o,c,k] · X[n, g(o)·C/G + c, p·stride − pad + k·dilation]` over one to three spatial axes.
///
/// - Operands: `X` `[N×C×…]`, `W` `[M×C/G×…]`, optional `B` `[M]`; floating-point.
/// - Result: `[N×M×…]`.
/// - Throws: when channels and groups do not fit together, or no window fits into the input.
public struct Conv: Preparing, Viewing, Costed {
  public static let signature = OperatorSignature("Conv", operands: 2...3, gradient: .defined)
  private let window: WindowAttributes
  private let groups: Int

  public init(_ node: inout NodeReader) throws(OperatorError) {
    window = try WindowAttributes(&node)
    groups = try node.int("group") ?? 1
    guard groups > 0 else { throw .attribute("attribute group must be positive, not \(groups)") }
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let (x, w, rank) = try operands.convolved(weights: "M×C/G×…")
    guard let rank else { return [ValueType(x.elementType, .unknown)] }
    if let channels = x.shape[1], let perGroup = w.shape[1] {
      let (product, overflow) = perGroup.multipliedReportingOverflow(by: groups)
      guard !overflow, product == channels else {
        throw .operands("X has \(channels) channels, W takes \(perGroup) in each of \(groups) groups")
      }
    }
    if let outputs = w.shape[0] {
      guard outputs > 0, outputs % groups == 0 else {
        throw .operands("\(outputs) output channels cannot be shared among \(groups) groups")
      }
      if let bias = try operands.optionalTensor(2), !PartialShape([outputs]).agrees(with: bias.shape) {
        throw .operands("B must have \(outputs) elements, not the shape \(bias.shape)")
      }
    }
    let placement = try placement(x.shape, w.shape, rank: rank)
    return [ValueType(x.elementType, PartialShape([x.shape[0], w.shape[0]] + placement.output))]
  }

  private func placement(_ x: PartialShape, _ w: PartialShape, rank: Int) throws(OperatorError) -> WindowPlacement {
    try window.placement(on: (2..<rank).map { x[$0] }, kernel: (2..<rank).map { w[$0] })
  }

  /// The extents for known shapes of X and W.
  func convolution(_ x: Shape, _ w: Shape) throws(OperatorError) -> Convolution {
    let window = try placement(PartialShape(x), PartialShape(w), rank: x.rank).window()
    guard
      let convolution = Convolution(batch: x[0], groups: groups, inputChannels: x[1], outputChannels: w[0], window: window)
    else { throw .unsupported("a convolution of \(x) with weights \(w) in \(groups) groups cannot be laid out") }
    return convolution
  }

  // MARK: View

  func views(ofOperand index: Int, _ operands: [OperandInfo], result: Shape, number: Int) -> [AxisView]? {
    guard index == 0, let x = operands.shape(0), let w = operands.shape(1) else { return nil }
    return (try? placement(PartialShape(x), PartialShape(w), rank: x.rank))?.views
  }

  // MARK: Cost

  /// Each element of the result is a sum of C/G products for each tap of the window.
  func multiplyAdds(_ operands: [OperandInfo], _ results: [ValueType]) -> Int? {
    guard let w = operands.shape(1), let y = results.first?.staticShape else { return nil }
    return product(y.extents + w.extents.dropFirst())
  }

  // MARK: Kernel

  public func prepared(for operands: [OperandInfo]) throws(OperatorError) -> any Operator {
    try FusedConv(self, activation: nil).prepared(for: operands)
  }

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try FusedConv(self, activation: nil).evaluate(operands, into: &results)
  }

  // MARK: Gradient

  /// ∂X is the transposed convolution of ∂Y with W; ∂W sums ∂Y times what each tap sees; ∂B is ∂Y summed over all but the channels.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return step.operands.map { _ in nil } }
    let convolution = try convolution(try step.shape(0), try step.shape(1))
    var gradients = step.operands.map { _ -> Value? in nil }
    if step.wants[0] { gradients[0] = try graph.add(ConvInputAdjoint(convolution), seed, try step.operand(1)) }
    if step.wants[1] { gradients[1] = try graph.add(ConvWeightAdjoint(convolution), seed, try step.operand(0)) }
    if gradients.count > 2, step.wants[2] { gradients[2] = try graph.summedToChannels(seed) }
    return gradients
  }
}

/// `∂X = Σ_{o,k} W[o,c,k] · ∂Y[…]`: each element of the seed is sent back to the inputs that it was made from. It is also what
/// `ConvTranspose` does.
///
/// - Operands: `seed` `[N×M×…]`, `W` `[M×C/G×…]`, optional `B` `[C]` to be added.
struct ConvInputAdjoint: InternalOperator, Preparing, Writable {
  static let signature = OperatorSignature("ConvInput", domain: "adjoint", operands: 2...3, gradient: .undefined)
  let convolution: Convolution

  init(_ convolution: Convolution) { self.convolution = convolution }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let seed = try operands.floatingTensor(0)
    return [ValueType(seed.elementType, PartialShape([convolution.batch, convolution.inputChannels] + convolution.window.input))]
  }

  func prepared(for operands: [OperandInfo]) throws(OperatorError) -> any Operator {
    try operands.tensor(0).elementType == .float64
      ? PreparedConvInputAdjoint<Double>(convolution, weights: operands[1].value)
      : PreparedConvInputAdjoint<Float>(convolution, weights: operands[1].value)
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    results.elementType(0) == .float64
      ? PreparedConvInputAdjoint<Double>(convolution, weights: nil).evaluate(operands, into: &results)
      : PreparedConvInputAdjoint<Float>(convolution, weights: nil).evaluate(operands, into: &results)
  }

  /// The transposed convolution; positions behind the last window are added by `output_padding`.
  func written(opset: Int) throws(OperatorError) -> WrittenNode {
    let window = convolution.window
    let reached = window.input.indices.map { axis in
      (window.output[axis] - 1) * window.strides[axis] + (window.kernel[axis] - 1) * window.dilations[axis] + 1 - window.padsBegin[axis]
    }
    let missing = zip(window.input, reached).map { max($0 - $1, 0) }
    guard window.input.indices.allSatisfy({ missing[$0] < max(window.strides[$0], window.dilations[$0], 1) }) else {
      throw .unsupported("the gradient of a convolution that leaves out whole windows cannot be written")
    }
    return WrittenNode(
      "ConvTranspose",
      [
        "kernel_shape": .ints(window.kernel), "strides": .ints(window.strides), "dilations": .ints(window.dilations),
        "pads": .ints(window.padsBegin + zip(window.input, reached).map { max($1 - $0, 0) }), "output_padding": .ints(missing),
        "group": .int(convolution.groups),
      ], since: 11)
  }
}

/// The same with the weights, if they are constant, packed for the kernel.
private struct PreparedConvInputAdjoint<T: KernelScalar>: InternalOperator {
  static var signature: OperatorSignature {
    OperatorSignature("PreparedConvInput", domain: "adjoint", operands: 2...3, gradient: .undefined)
  }
  private let convolution: Convolution
  private let weights: PreparedInputGradient<T>?

  init(_ convolution: Convolution, weights: Tensor?) {
    self.convolution = convolution
    self.weights = weights.map { PreparedInputGradient($0.converted(to: T.elementType).elements(), for: convolution) }
  }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    [ValueType(T.elementType, PartialShape([convolution.batch, convolution.inputChannels] + convolution.window.input))]
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let team = results.team, scratch = results.scratch
    let seed = operands[0], bias = operands.optional(2)
    let weights = self.weights ?? PreparedInputGradient(operands[1].elements(), for: convolution, instructionSet: team.instructionSet)
    var x = results.elements(0, as: T.self)
    Kernels.convolutionInputGradient(
      seed: seed.elements(), prepared: weights, bias: bias?.elements(), convolution, into: &x, scratch: scratch, team: team)
  }
}
