import CarpusTensors

/// `Y[k] = Σ_n X[n] · exp(−2πi·k·n / N)` along an axis; with `inverse` the exponent is positive and the sum divided by N. X is cut or continued with
/// zeros to N elements. With `onesided` the result, or for an inverse transform X, has the first ⌊N/2⌋ + 1 elements of a spectrum whose
/// second half mirrors the first, and the result of the inverse is real. Computed in float64.
///
/// - Operands: `X` `[…, 1]` (real) or `[…, 2]` (real and imaginary part), floating-point; optionally N, an integer; from version 20 on optionally the axis,
///   an integer (−2 by default), which was an attribute before (1 by default).
/// - Throws: for an axis that is the last, for N < 1, and for `onesided` with the wrong kind of numbers.
public struct DFT: Operator {
  public static let signature = OperatorSignature("DFT", since: 17, operands: 1...3, gradient: .defined)
  private let isInverse, isOneSided: Bool
  /// `nil` where it is an operand.
  private let axis: Int?

  public init(_ node: inout NodeReader) throws(OperatorError) {
    isInverse = try node.flag("inverse", default: false)
    isOneSided = try node.flag("onesided", default: false)
    axis = node.opset < 20 ? try node.int("axis") ?? 1 : nil
  }

  /// Forward, along an axis.
  init(axis: Int, isOneSided: Bool) {
    isInverse = false
    self.isOneSided = isOneSided
    self.axis = axis
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.floatingTensor(0)
    guard let extents = x.shape.extents else { return [ValueType(x.elementType, .unknown)] }
    guard extents.count >= 2 else { throw .operands("X must have an axis besides the last, which holds the parts of complex numbers: \(x.shape)") }
    if let parts = extents[extents.count - 1] {
      guard parts == 1 || parts == 2 else { throw .operands("the last axis of X must have 1 or 2 elements, not \(parts)") }
      guard !isOneSided || parts == (isInverse ? 2 : 1) else {
        throw .operands("a one-sided transform takes \(isInverse ? "complex" : "real") numbers, not such with \(parts == 1 ? "one part" : "two parts")")
      }
    }
    var result = extents
    result[extents.count - 1] = isOneSided && isInverse ? 1 : 2
    guard let axis = try axis(operands, rank: extents.count) else {
      return [ValueType(x.elementType, PartialShape([Int?](repeating: nil, count: extents.count - 1) + [result[extents.count - 1]]))]
    }
    result[axis] = try length(operands, extent: extents[axis]).map { isOneSided && !isInverse ? $0 / 2 + 1 : $0 }
    return [try Movement.resultType(x.elementType, result)]
  }

  /// The axis, counted from the front; `nil` if it comes with the run.
  private func axis(_ operands: [OperandInfo], rank: Int) throws(OperatorError) -> Int? {
    let number: Int
    switch try operands.integerList(2, or: axis.map { [$0] }) {
    case .absent: number = -2
    case .later: return nil
    case .known(let list):
      guard list.count == 1 else { throw .operands("the axis must be one number, not \(list.count)") }
      number = list[0]
    }
    let axis = try Axes.resolved(number, rank: rank)
    guard axis < rank - 1 else { throw .operands("axis \(number) holds the parts of complex numbers") }
    return axis
  }

  /// N; `nil` if it is not known yet.
  private func length(_ operands: [OperandInfo], extent: Int?) throws(OperatorError) -> Int? {
    let length: Int?
    switch try operands.integerList(1, or: nil) {
    case .absent: length = isOneSided && isInverse ? extent.map { 2 * ($0 - 1) } : extent
    case .later: return nil
    case .known(let list):
      guard list.count == 1 else { throw .operands("the length must be one number, not \(list.count)") }
      length = list[0]
    }
    if let length, !(1...1 << 32).contains(length) { throw .operands("a transform of length \(length) cannot be computed") }
    return length
  }

  private func map(_ operands: [OperandInfo], _ x: Shape, _ y: Shape) throws(OperatorError) -> FourierMap {
    guard let axis = try axis(operands, rank: x.rank), let length = try length(operands, extent: x[axis]) else {
      throw .notDifferentiable("the length or the axis of a transform depends on data")
    }
    // The work space of one line, of complex numbers and up to four times as long.
    try MemoryLimit.check(Shape([8, length]), .complex128)
    return FourierMap(
      length: length, isInverse: isInverse, factor: isInverse ? 1 / Double(length) : 1, oneSided: isInverse && isOneSided ? .input : .neither,
      axis: axis, input: x, output: y)
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let x = operands[0]
    results.set(0, .tensor(try map(operands.infos, x.shape, results.shape(0)).apply(to: x)))
  }

  // MARK: Gradient

  /// ∂X is the transposed transform of ∂Y: with the other sign in the exponent, and the same factor.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    var gradients: [Value?] = step.operands.map { _ in nil }
    guard let seed = seeds[0], step.wants[0] else { return gradients }
    guard let y = graph.type(of: seed).staticShape else { throw .notDifferentiable("the shape of a gradient depends on data") }
    gradients[0] = try graph.add(FourierAdjoint(of: map(step.operandInfos, try step.shape(0), y)), seed)
    return gradients
  }
}
