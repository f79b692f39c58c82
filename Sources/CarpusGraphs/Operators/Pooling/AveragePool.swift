import CarpusTensors

/// `Y` is the mean of each window. The padding counts as zeros with `count_include_pad` 1, otherwise it is left out.
///
/// - Operands: `X` `[N, C, spatial extents…]`, floating-point.
public struct AveragePool: WindowPooling {
  public static let signature = OperatorSignature("AveragePool", operands: 1...1, gradient: .defined)
  let attributes: WindowAttributes
  let countsPadding: Bool

  public init(_ node: inout NodeReader) throws(OperatorError) {
    attributes = try WindowAttributes(pooling: &node)
    countsPadding = try node.flag("count_include_pad", default: false)
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let x = operands[0], team = results.team
    let window = try attributes.placement(on: Array(x.shape.extents.dropFirst(2))).window()
    func apply<T: KernelScalar>(_ type: T.Type) {
      var y = results.elements(0, as: T.self)
      Kernels.averagePool(
        x.elements(T.self), planes: x.shape[0] * x.shape[1], window: window, countingPadding: countsPadding, into: &y, team: team)
    }
    results.elementType(0) == .float64 ? apply(Double.self) : apply(Float.self)
  }

  // MARK: Gradient

  /// ∂X: each ∂Y is shared by the elements of its window.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil] }
    return [try graph.add(AveragePoolAdjoint(attributes, countsPadding: countsPadding, input: try step.shape(0)), seed)]
  }
}

/// `∂X` of `AveragePool`.
///
/// - Operands: `seed`.
struct AveragePoolAdjoint: InternalOperator, Lowered {
  static let signature = OperatorSignature("AveragePool", domain: "adjoint", operands: 1...1, gradient: .undefined)
  let attributes: WindowAttributes
  let countsPadding: Bool
  let input: Shape

  init(_ attributes: WindowAttributes, countsPadding: Bool, input: Shape) {
    self.attributes = attributes
    self.countsPadding = countsPadding
    self.input = input
  }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    [ValueType(try operands.floatingTensor(0).elementType, input)]
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let seed = operands[0], team = results.team
    let window = try attributes.placement(on: Array(input.extents.dropFirst(2))).window()
    func apply<T: KernelScalar>(_ type: T.Type) {
      var target = results.elements(0, as: T.self)
      Kernels.averagePoolGradient(
        seed: seed.elements(T.self), planes: input[0] * input[1], window: window, countingPadding: countsPadding, into: &target, team: team)
    }
    results.elementType(0) == .float64 ? apply(Double.self) : apply(Float.self)
  }

  /// A convolution of each plane on its own, with ones for weights, sent back.
  func lowered(_ operands: [Value?], _ infos: [OperandInfo], opset: Int, in graph: inout GraphBuilder) throws(OperatorError) -> [Value] {
    let seed = try operands.present(0), type = try infos.tensor(0).elementType
    let window = try attributes.placement(on: Array(input.extents.dropFirst(2))).window()
    let planes = input[0] * input[1], axes = window.output.indices
    guard let convolution = Convolution(batch: planes, inputChannels: 1, outputChannels: 1, window: window) else {
      throw .unsupported("an average over \(window.kernel) cannot be written as a convolution")
    }
    // One over the number of elements that a mean is taken of, the product of those along the axes.
    var shares = [1.0]
    for axis in axes {
      let taps = (0..<window.output[axis]).map { Double(window.taps(axis, at: $0, padding: countsPadding)) }
      shares = shares.flatMap { share in taps.map { $0 > 0 ? share / $0 : 0 } }
    }
    let isUniform = Set(shares).count == 1
    let factors = Tensor(isUniform ? [shares[0]] : shares, shape: isUniform ? [] : Shape([1, 1] + window.output)).converted(to: type)
    let ones = Tensor([Double](repeating: 1, count: window.kernel.reduce(1, *)), shape: Shape([1, 1] + window.kernel)).converted(to: type)
    let means = try graph.product(graph.reshaped(seed, to: Shape([planes, 1] + window.output)), graph.constant(factors))
    return [try graph.reshaped(graph.add(ConvInputAdjoint(convolution), means, graph.constant(ones)), to: input)]
  }
}
