import CarpusTensors

/// `∂X = f'(at) · (s · (W ⋆ seed) + R) + A` in the blocked layout: the vector-Jacobian product of a convolution with respect to its input, with
/// what follows it in a backward pass. s is a factor for each channel.
///
/// - Operands: `seed` in the blocked layout; `W` as of `Conv`; `R` and `at` of the result's shape; `A` of the result's shape, or with more blocks,
///   of which the first are added. `R`, `at` and `A` may be absent; `A` is if `at` is.
struct BlockedConvInputAdjoint: InternalOperator, Preparing, Costed {
  static let signature = OperatorSignature("BlockedConvInput", domain: "adjoint", operands: 2...5, gradient: .undefined)
  let convolution: Convolution
  let slope: UnaryGradient?
  let scale: [Float]?
  let accuracy: BlockedAccuracy
  /// The packed weights, once they are.
  private var weights: BlockedInputGradient?

  init(_ convolution: Convolution, slope: UnaryGradient?, scale: [Float]?, accuracy: BlockedAccuracy) {
    self.convolution = convolution
    self.slope = slope
    self.scale = scale
    self.accuracy = accuracy
  }

  /// How it is calculated, for each remainder of the strides.
  var methods: [BlockedMethod] { BlockedInputGradient.methods(for: convolution, accuracy: accuracy) }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let window = convolution.window
    guard let seed = BlockedPlanes.shape(Shape([convolution.batch, convolution.outputChannels] + window.output)),
      let x = BlockedPlanes.shape(Shape([convolution.batch, convolution.inputChannels] + window.input)), try operands.blocked(0) == seed
    else { throw .operands("the seed must be that of a result of \(window.output), not \(try operands.blocked(0))") }
    for index in [2, 3] where operands.isPresent(index) {
      guard try operands.blocked(index) == x else { throw .operands("operand \(index) must have the shape of the result, \(x)") }
    }
    guard operands.isPresent(3) == (slope != nil) else { throw .operands("a slope is taken at numbers") }
    if operands.isPresent(4) {
      let addend = try operands.blocked(4), isLarger = x[0] == 1 || BlockedInputGradient.addsFirstBlocks(convolution)
      guard slope != nil, addend[0] == x[0], addend[1] == x[1] || (isLarger && addend[1] > x[1]), addend.extents[2...] == x.extents[2...] else {
        throw .operands("\(addend) cannot be added to \(x)")
      }
    }
    return [ValueType(.float32, x)]
  }

  func multiplyAdds(_ operands: [OperandInfo], _ results: [ValueType]) -> Int? {
    guard let w = operands.shape(1) else { return nil }
    return product([convolution.batch, w.count] + convolution.window.output)
  }

  func prepared(for operands: [OperandInfo]) -> any Operator {
    guard let weights = operands[1].value else { return self }
    var prepared = self
    prepared.weights = packed(weights, .preferred)
    return prepared
  }

  private func packed(_ weights: Tensor, _ instructionSet: InstructionSet) -> BlockedInputGradient {
    BlockedInputGradient(weights.elements(), scale: scale, for: convolution, accuracy: accuracy, instructionSet: instructionSet)
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let team = results.team, scratch = results.scratch, weights = weights ?? packed(operands[1], team.instructionSet)
    let seed = operands[0], residual = operands.optional(2), at = operands.optional(3), addend = operands.optional(4)
    var x = results.elements(0, as: Float.self)
    Kernels.convolutionInputGradient(
      seed: seed.elements(), blocked: weights, residual: residual?.elements(), slope: slope, at: at?.elements(), addend: addend?.elements(),
      into: &x, scratch: scratch, team: team)
  }
}

/// The channels of squares of pixels, `[N, strides × C, …]` in the blocked layout, as planes `[N, C, H, W]` of a convolution's input: see
/// `BlockedSquares`.
///
/// - Operands: `X`.
struct SpreadSquares: InternalOperator {
  static let signature = OperatorSignature("SpreadSquares", domain: "carpus", operands: 1...1, gradient: .undefined)
  let convolution: Convolution

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let window = convolution.window, x = try operands.blocked(0)
    let squares = zip(window.input, window.strides).map { ($0 + $1 - 1) / $1 }
    guard x[0] == convolution.batch, x[1] == BlockedPlanes.blocks(convolution.inputChannels * window.strides.reduce(1, *)),
      [x[2], x[3]] == squares
    else { throw .operands("\(x) are not the squares of \(window.input)") }
    return [ValueType(.float32, Shape([convolution.batch, convolution.inputChannels] + window.input))]
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let x = operands[0], team = results.team
    var y = results.elements(0, as: Float.self)
    Kernels.spreadBlocked(x.elements(), convolution, rows: x.shape[2], columns: x.shape[3], into: &y, team: team)
  }
}
