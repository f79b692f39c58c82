import CarpusTensors

/// `Y = f(X ∗ W + B + R)` with the result in the blocked layout, or `Y = f(before(X · scale + offset) ∗ W + B)`.
///
/// - Operands: `X` in the blocked layout, or planes for the method `planarRows`; `W`, `B` as of `Conv`; `R` of the result's shape; scale and
///   offset as of `BlockedScale`, for the method `pixels`. `B` and `R` may be absent, scale and offset together.
struct BlockedConv: InternalOperator, Preparing, Costed {
  static let signature = OperatorSignature("BlockedConv", domain: "carpus", operands: 2...6, gradient: .undefined)
  let convolution: Convolution
  let method: BlockedMethod
  let activation: UnaryFunction?
  /// Of the scaled input.
  private(set) var before: UnaryFunction?
  /// The packed weights, once they are.
  private var weights: BlockedConvolution?

  init(_ convolution: Convolution, method: BlockedMethod, activation: UnaryFunction?) {
    self.convolution = convolution
    self.method = method
    self.activation = activation
  }

  /// The same on a scaled input; `nil` where that is not possible.
  func scaled(_ before: UnaryFunction?) -> BlockedConv? {
    guard method == .pixels, before?.isBound ?? true else { return nil }
    var copy = self
    copy.before = before
    return copy
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
    if operands.isPresent(4) || operands.isPresent(5) {
      let numbers = ValueType(.float32, PartialShape(Shape([1, seen[1], 1, 1, BlockedPlanes.width])))
      guard method == .pixels, !operands.isPresent(3), operands.isPresent(5), operands[4].type == numbers, operands[5].type == numbers else {
        throw .operands("scale and offset must have a number for each channel, and come without R")
      }
    }
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
    if let scale = operands.optional(4), let offset = operands.optional(5) {
      Kernels.convolution(
        scaled: operands[0].elements(), scale: scale.elements(), offset: offset.elements(), before: before, blocked: weights,
        activation: activation, into: &y, scratch: scratch, team: team)
    } else if let residual = operands.optional(3) {
      Kernels.convolution(
        operands[0].elements(), blocked: weights, residual: residual.elements(), activation: activation, into: &y, scratch: scratch, team: team)
    } else {
      Kernels.convolution(operands[0].elements(), blocked: weights, activation: activation, into: &y, scratch: scratch, team: team)
    }
  }
}
