import CarpusTensors

/// `Y[i] = f'(at[i]) · X[i]` in the blocked layout.
///
/// - Operands: `X`, `at` of one shape.
struct BlockedSlope: InternalOperator {
  static let signature = OperatorSignature("BlockedSlope", domain: "carpus", operands: 2...2, gradient: .undefined)
  let slope: UnaryGradient

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { [ValueType(.float32, try operands.blockedPair())] }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let x = operands[0], at = operands[1], team = results.team
    var y = results.elements(0, as: Float.self)
    Kernels.mapBlocked(x.elements(), slope: slope, at: at.elements(), into: &y, team: team)
  }
}

/// `Y = A · B` in the blocked layout.
///
/// - Operands: `A`, `B` of one shape.
struct BlockedProduct: InternalOperator {
  static let signature = OperatorSignature("BlockedProduct", domain: "carpus", operands: 2...2, gradient: .undefined)

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { [ValueType(.float32, try operands.blockedPair())] }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let a = operands[0], b = operands[1], team = results.team
    var y = results.elements(0, as: Float.self)
    Kernels.multiplyBlocked(a.elements(), b.elements(), into: &y, team: team)
  }
}

/// `Y = Σ A · B` over the pixels of each channel in the blocked layout.
///
/// - Operands: `A`, `B` of one shape.
struct BlockedSumOfProducts: InternalOperator {
  static let signature = OperatorSignature("BlockedSumOfProducts", domain: "carpus", operands: 2...2, gradient: .undefined)

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let a = try operands.blockedPair()
    return [ValueType(.float32, Shape([a[0], a[1], 1, 1, a[4]]))]
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let a = operands[0], b = operands[1], team = results.team
    var y = results.elements(0, as: Float.self)
    Kernels.sumOfProductsBlocked(
      a.elements(), b.elements(), planes: a.shape.blockedPlanes, pixels: a.shape.pixels, into: &y, team: team)
  }
}

/// Some channels of the operand, in the blocked layout.
///
/// - Operands: `X` with `count` channels.
struct BlockedSlice: InternalOperator {
  static let signature = OperatorSignature("BlockedSlice", domain: "carpus", operands: 1...1, gradient: .undefined)
  let channels: Range<Int>
  /// Channels of the operand.
  let count: Int

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.blocked(0)
    guard BlockedPlanes.blocks(count) == x[1], channels.lowerBound >= 0, channels.upperBound <= count, !channels.isEmpty else {
      throw .operands("\(x) does not have the channels \(channels) of \(count)")
    }
    return [ValueType(.float32, Shape([x[0], BlockedPlanes.blocks(channels.count), x[2], x[3], x[4]]))]
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let x = operands[0], team = results.team
    var y = results.elements(0, as: Float.self)
    Kernels.takeBlocked(
      x.elements(), channels: channels.count, at: channels.lowerBound, of: count, images: x.shape[0], pixels: x.shape.pixels, into: &y,
      team: team)
  }
}

extension Array where Element == OperandInfo {
  /// The shape that the first two operands have in common in the blocked layout.
  func blockedPair() throws(OperatorError) -> Shape {
    let a = try blocked(0), b = try blocked(1)
    guard a == b else { throw .operands("both operands must have one shape, not \(a) and \(b)") }
    return a
  }

  /// Checks that what a slope is taken at is there exactly where there is one, and has the shape of the first operand.
  func checkSlope(_ slope: UnaryGradient?, at index: Int) throws(OperatorError) {
    guard isPresent(index) == (slope != nil), slope == nil || self[index].type == self[0].type else {
      throw .operands("operand \(index) must have the shape of operand 0, with a slope alone")
    }
  }
}
