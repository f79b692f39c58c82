import CarpusTensors

/// The remainder `C = A - B ⌊A / B⌋` with the sign of B; with `fmod`, `C = A - B trunc(A / B)` with the sign of A. Broadcast.
///
/// A remainder of 0 has the sign that the others have.
///
/// - Operands: `A`, `B` of one numeric type; floating-point without `fmod` from version 28 on.
/// - Throws: when an integer is divided by 0.
public struct Mod: Pointwise {
  public static let signature = OperatorSignature("Mod", since: 10, operands: 2...2, gradient: .defined)
  private let truncates: Bool
  private let floorsFloatingPoint: Bool

  public init(_ node: inout NodeReader) throws(OperatorError) {
    truncates = try node.flag("fmod", default: false)
    floorsFloatingPoint = node.opset >= 28
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let type = try operands.tensor(0).elementType
    guard truncates || floorsFloatingPoint || !type.isFloatingPoint else { throw .attribute("attribute fmod must be 1 for operands of \(type)") }
    return try Arithmetic.resultTypes(for: operands)
  }

  // MARK: Kernel

  private struct Remainder: IntegerFunction {
    let truncates: Bool

    func apply<T: FixedWidthInteger>(_ a: T, _ b: T) throws(OperatorError) -> T {
      guard b != 0 else { throw .operands("the integer \(a) is divided by 0") }
      let remainder = a.remainderReportingOverflow(dividingBy: b).partialValue
      return !truncates && remainder != 0 && (remainder < 0) != (b < 0) ? remainder + b : remainder
    }
  }

  /// From the remainder with the sign of the dividend, that with the sign of the divisor.
  private static func floored<T: KernelScalar>(_ remainder: T, _ divisor: T) -> T {
    if remainder == 0 { return divisor < 0 ? -T(0) : T(0) }
    return (remainder < 0) != (divisor < 0) ? remainder + divisor : remainder
  }

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let a = operands[0], b = operands[1]
    func floating<T: KernelScalar>(_ type: T.Type) throws(OperatorError) {
      let x = a.elements(T.self), z = b.elements(T.self)
      var places = try BroadcastPlaces(a.shape, b.shape)
      var y = results.elements(0, as: T.self)
      for index in y.indices {
        let divisor = z[places.second], remainder = x[places.first].truncatingRemainder(dividingBy: divisor)
        y[index] = truncates ? remainder : Self.floored(remainder, divisor)
        places.advance()
      }
    }
    if let type = results.elementType(0).kernelType { return try floating(type) }
    try Arithmetic.integral(Remainder(truncates: truncates), a, b, into: &results)
  }

  // MARK: Gradient

  /// ∂A = ∂C and ∂B = -q ∂C with the whole quotient q = (A - C) / B, summed over stretched axes.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil, nil] }
    let quotient = try graph.quotient(graph.add(Sub(), step.operand(0), step.results[0]), step.operand(1))
    return [
      step.wants[0] ? try graph.summed(seed, to: step.shape(0)) : nil,
      step.wants[1] ? try graph.negated(graph.summed(graph.product(seed, graph.add(Round(), quotient)), to: step.shape(1))) : nil,
    ]
  }
}
