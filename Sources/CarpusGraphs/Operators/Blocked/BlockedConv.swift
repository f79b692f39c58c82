import CarpusTensors

/// `Y = f(X ∗ W + B + R)` with the result in the blocked layout.
///
/// - Operands: `X` in the blocked layout, or planes for the method `planarRows`; `W`, `B` as of `Conv`; `R` of the result's shape. `B` and
///   `R` may be absent.
struct BlockedConv: InternalOperator, Preparing, Costed {
  static let signature = OperatorSignature("BlockedConv", domain: "carpus", operands: 2...4, gradient: .undefined)
  let convolution: Convolution
  let method: BlockedMethod
  let activation: UnaryFunction?
  /// The packed weights, once they are.
  private var weights: BlockedConvolution?

  init(_ convolution: Convolution, method: BlockedMethod, activation: UnaryFunction?) {
    self.convolution = convolution
    self.method = method
    self.activation = activation
  }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let window = convolution.window
    let x = Shape([convolution.batch, convolution.inputChannels] + window.input)
    let y = Shape([convolution.batch, convolution.outputChannels] + window.output)
    guard let seen = method == .planarRows ? x : BlockedPlanes.shape(x), let made = BlockedPlanes.shape(y),
      try operands.tensor(0) == TensorType(.float32, PartialShape(seen))
    else { throw .operands("X must be planes \(x), not \(try operands.tensor(0))") }
    let result = ValueType(.float32, made)
    if operands.isPresent(3), operands[3].type != result { throw .operands("R must have the type of the result") }
    return [result]
  }

  func multiplyAdds(_ operands: [OperandInfo], _ results: [ValueType]) -> Int? {
    guard let w = operands.shape(1) else { return nil }
    return product([convolution.batch, w.count] + convolution.window.output)
  }

  func prepared(for operands: [OperandInfo]) -> any Operator {
    guard let weights = operands[1].value, !operands.isPresent(2) || operands[2].value != nil else { return self }
    var prepared = self
    prepared.weights = packed(weights, operands.isPresent(2) ? operands[2].value : nil, .preferred)
    return prepared
  }

  private func packed(_ weights: Tensor, _ bias: Tensor?, _ instructionSet: InstructionSet) -> BlockedConvolution {
    BlockedConvolution(weights.elements(), bias: bias?.elements(), for: convolution, method: method, instructionSet: instructionSet)
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let team = results.team, scratch = results.scratch
    let weights = weights ?? packed(operands[1], operands.optional(2), team.instructionSet)
    var y = results.elements(0, as: Float.self)
    if let residual = operands.optional(3) {
      Kernels.convolution(
        operands[0].elements(), blocked: weights, residual: residual.elements(), activation: activation, into: &y, scratch: scratch, team: team)
    } else {
      Kernels.convolution(operands[0].elements(), blocked: weights, activation: activation, into: &y, scratch: scratch, team: team)
    }
  }
}
