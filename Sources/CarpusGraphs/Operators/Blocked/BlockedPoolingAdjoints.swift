import CarpusTensors

/// `∂X` of `MaxPool` in the blocked layout.
///
/// - Operands: `seed`, `X`.
struct BlockedMaxPoolAdjoint: InternalOperator {
  static let signature = OperatorSignature("BlockedMaxPool", domain: "adjoint", operands: 2...2, gradient: .undefined)
  let window: SlidingWindow

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let seed = try operands.blocked(0), x = try operands.blocked(1)
    guard window.input == [x[2], x[3]], seed == Shape([x[0], x[1]] + window.output + [BlockedPlanes.width]) else {
      throw .operands("a seed \(seed) does not fit \(x)")
    }
    return [ValueType(.float32, x)]
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let seed = operands[0], x = operands[1], team = results.team
    var y = results.elements(0, as: Float.self)
    Kernels.maxPoolGradientBlocked(
      seed: seed.elements(), at: x.elements(), planes: x.shape.blockedPlanes, window: window, into: &y, team: team)
  }
}

/// `∂X` of `AveragePool` in the blocked layout.
///
/// - Operands: `seed`.
struct BlockedAveragePoolAdjoint: InternalOperator {
  static let signature = OperatorSignature("BlockedAveragePool", domain: "adjoint", operands: 1...1, gradient: .undefined)
  let window: SlidingWindow
  let countsPadding: Bool

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let seed = try operands.blocked(0)
    guard window.output == [seed[2], seed[3]] else { throw .operands("the window has another result than \(seed)") }
    return [ValueType(.float32, Shape([seed[0], seed[1]] + window.input + [BlockedPlanes.width]))]
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let seed = operands[0], team = results.team
    var y = results.elements(0, as: Float.self)
    Kernels.averagePoolGradientBlocked(
      seed: seed.elements(), planes: seed.shape.blockedPlanes, window: window, countingPadding: countsPadding, into: &y, team: team)
  }
}
