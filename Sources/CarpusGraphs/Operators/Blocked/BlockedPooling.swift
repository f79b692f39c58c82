import CarpusTensors

/// `MaxPool` or `AveragePool` in the blocked layout.
///
/// - Operands: `X`.
struct BlockedPool: InternalOperator {
  static let signature = OperatorSignature("BlockedPool", domain: "carpus", operands: 1...1, gradient: .undefined)

  enum Kind: Sendable { case maximum, mean(countingPadding: Bool) }
  let kind: Kind
  let window: SlidingWindow

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.blocked(0)
    guard window.input == [x[2], x[3]], window.output.allSatisfy({ $0 > 0 }) else { throw .operands("the window is for another input than \(x)") }
    return [ValueType(.float32, Shape([x[0], x[1]] + window.output + [BlockedPlanes.width]))]
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let x = operands[0], team = results.team
    var y = results.elements(0, as: Float.self)
    switch kind {
    case .maximum: Kernels.maxPoolBlocked(x.elements(), planes: x.shape.blockedPlanes, window: window, into: &y, team: team)
    case .mean(let countingPadding):
      Kernels.averagePoolBlocked(
        x.elements(), planes: x.shape.blockedPlanes, window: window, countingPadding: countingPadding, into: &y, team: team)
    }
  }
}

/// The mean of each channel in the blocked layout.
///
/// - Operands: `X`.
struct BlockedGlobalMean: InternalOperator {
  static let signature = OperatorSignature("BlockedGlobalMean", domain: "carpus", operands: 1...1, gradient: .undefined)

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.blocked(0)
    return [ValueType(.float32, Shape([x[0], x[1], 1, 1, x[4]]))]
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let x = operands[0], team = results.team
    var y = results.elements(0, as: Float.self)
    Kernels.globalMeanBlocked(x.elements(), planes: x.shape.blockedPlanes, pixels: x.shape.pixels, into: &y, team: team)
  }
}
