import CarpusTensors

/// `Y[i] = f(X[i])` in the blocked layout.
struct BlockedMap: InternalOperator {
  static let signature = OperatorSignature("BlockedMap", domain: "carpus", operands: 1...1, gradient: .undefined)
  let function: UnaryFunction

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { [ValueType(.float32, try operands.blocked(0))] }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let team = results.team
    var y = results.elements(0, as: Float.self)
    Kernels.mapBlocked(operands[0].elements(), activation: function, into: &y, team: team)
  }
}

/// `Y = f(A + B)` or, with a slope, `Y = f'(at) · (A + B)` in the blocked layout.
///
/// - Operands: `A`, `B`, with a slope `at`, of one shape.
struct BlockedAdd: InternalOperator {
  static let signature = OperatorSignature("BlockedAdd", domain: "carpus", operands: 2...3, gradient: .undefined)
  let activation: UnaryFunction?
  var slope: UnaryGradient?

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    try operands.checkSlope(slope, at: 2)
    return [ValueType(.float32, try operands.blockedPair())]
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let a = operands[0], b = operands[1], at = operands.optional(2), team = results.team
    var y = results.elements(0, as: Float.self)
    Kernels.addBlocked(a.elements(), b.elements(), activation: activation, slope: slope, at: at?.elements(), into: &y, team: team)
  }
}

/// `Y = f(X · scale + offset)` or, with a slope, `Y = f'(at) · (X · scale + offset)` in the blocked layout, with a scale for each channel, of all
/// images or of each.
///
/// - Operands: `X` `[N, B, H, W, 16]`; `scale` `[1 or N, B, 1, 1, 16]`; optional `offset` of the same shape; with a slope `at` of the shape of `X`.
struct BlockedScale: InternalOperator {
  static let signature = OperatorSignature("BlockedScale", domain: "carpus", operands: 2...4, gradient: .undefined)
  let activation: UnaryFunction?
  var slope: UnaryGradient?

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.blocked(0), scale = try operands.blocked(1)
    guard [[1], [x[0]]].contains([scale[0]]), scale.extents.dropFirst() == [x[1], 1, 1, x[4]] else {
      throw .operands("the scale must have a number for each channel, not the shape \(scale)")
    }
    if operands.isPresent(2), operands[2].type != operands[1].type { throw .operands("scale and offset must have one shape") }
    try operands.checkSlope(slope, at: 3)
    return [ValueType(.float32, x)]
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let x = operands[0], scale = operands[1], offset = operands.optional(2), at = operands.optional(3), team = results.team
    var y = results.elements(0, as: Float.self)
    Kernels.scaleBlocked(
      x.elements(), scale: scale.elements(), offset: offset?.elements(), activation: activation, slope: slope, at: at?.elements(),
      planes: x.shape.blockedPlanes, pixels: x.shape.pixels, into: &y, team: team)
  }
}

/// The channels of the operands one after the other, in the blocked layout.
///
/// - Operands: as many as there are numbers of channels.
struct BlockedConcat: InternalOperator, Joining {
  static let signature = OperatorSignature(
    "BlockedConcat", domain: "carpus", operands: 1...OperatorSignature.any, gradient: .undefined)
  /// Of each operand.
  let channels: [Int]

  func joined(_ operands: [OperandInfo]) -> Int? {
    operands.shape(0)?[0] == 1 && channels.dropLast().allSatisfy { $0.isMultiple(of: BlockedPlanes.width) } ? operands.count : nil
  }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let first = try operands.blocked(0)
    for (index, count) in zip(operands.indices, channels) {
      let x = try operands.blocked(index)
      guard x[0] == first[0], x[1] == BlockedPlanes.blocks(count), x.pixels == first.pixels, x[2] == first[2] else {
        throw .operands("operand \(index) of shape \(x) does not fit \(first)")
      }
    }
    guard channels.count == operands.count else { throw .operands("\(channels.count) operands, not \(operands.count)") }
    return [ValueType(.float32, Shape([first[0], BlockedPlanes.blocks(channels.reduce(0, +)), first[2], first[3], first[4]]))]
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let team = results.team, total = channels.reduce(0, +)
    var y = results.elements(0, as: Float.self)
    var first = 0
    for (index, count) in channels.enumerated() {
      let x = operands[index]
      Kernels.placeBlocked(
        x.elements(), channels: count, at: first, of: total, images: x.shape[0], pixels: x.shape.pixels, into: &y, team: team)
      first += count
    }
  }
}
