import CarpusTensors

/// `Y = f(X ∗ W + B + R)`: a convolution with what follows it, made by rewriting.
///
/// - Operands: `X`, `W`, `B` as of `Conv`; `R` of the result's shape. `B` and `R` may be absent.
struct FusedConv: InternalOperator, Preparing, Costed {
  static let signature = OperatorSignature("FusedConv", domain: "carpus", operands: 2...4, gradient: .undefined)
  let conv: Conv
  let activation: UnaryFunction?

  init(_ conv: Conv, activation: UnaryFunction?) {
    self.conv = conv
    self.activation = activation
  }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let types = try conv.resultTypes(for: Array(operands.prefix(3)))
    if operands.isPresent(3), operands[3].type != types[0] { throw .operands("R must have the type of the result") }
    return types
  }

  func multiplyAdds(_ operands: [OperandInfo], _ results: [ValueType]) -> Int? { conv.multiplyAdds(operands, results) }

  func prepared(for operands: [OperandInfo]) throws(OperatorError) -> any Operator {
    guard let x = try operands.tensor(0).shape.shape, let w = try operands.tensor(1).shape.shape else { return self }
    return try operands.tensor(0).elementType == .float64
      ? PreparedConv<Double>(conv.convolution(x, w), activation, weights: operands[1].value)
      : PreparedConv<Float>(conv.convolution(x, w), activation, weights: operands[1].value)
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let convolution = try conv.convolution(operands[0].shape, operands[1].shape)
    results.elementType(0) == .float64
      ? PreparedConv<Double>(convolution, activation, weights: nil).evaluate(operands, into: &results)
      : PreparedConv<Float>(convolution, activation, weights: nil).evaluate(operands, into: &results)
  }
}

/// A convolution whose extents are settled and whose weights, if they are constant, are packed for the kernel.
private struct PreparedConv<T: KernelScalar>: InternalOperator {
  static var signature: OperatorSignature { OperatorSignature("PreparedConv", domain: "carpus", operands: 2...4, gradient: .undefined) }
  private let convolution: Convolution
  private let activation: UnaryFunction?
  private let weights: PreparedConvolution<T>?

  init(_ convolution: Convolution, _ activation: UnaryFunction?, weights: Tensor?) {
    self.convolution = convolution
    self.activation = activation
    // Half-precision weights become float32, as the executor widens the other operands.
    self.weights = weights.map { PreparedConvolution($0.converted(to: T.elementType).elements(), for: convolution) }
  }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    [ValueType(T.elementType, PartialShape([convolution.batch, convolution.outputChannels] + convolution.window.output))]
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let team = results.team, scratch = results.scratch
    let x = operands[0], b = operands.optional(2), r = operands.optional(3)
    let weights = self.weights ?? PreparedConvolution(operands[1].elements(), for: convolution, instructionSet: team.instructionSet)
    var y = results.elements(0, as: T.self)
    switch (b, r) {
    case (let b?, let r?):
      Kernels.convolution(
        x.elements(), prepared: weights, bias: b.elements(), residual: r.elements(), activation: activation, convolution, into: &y,
        scratch: scratch, team: team)
    case (let b?, nil):
      Kernels.convolution(
        x.elements(), prepared: weights, bias: b.elements(), activation: activation, convolution, into: &y, scratch: scratch, team: team)
    case (nil, let r?):
      Kernels.convolution(
        x.elements(), prepared: weights, residual: r.elements(), activation: activation, convolution, into: &y,
        scratch: scratch, team: team)
    case (nil, nil):
      Kernels.convolution(x.elements(), prepared: weights, activation: activation, convolution, into: &y, scratch: scratch, team: team)
    }
  }
}
