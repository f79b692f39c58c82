import CarpusTensors

/// `C = A / B`, broadcast; integers are cut off towards 0.
///
/// - Operands: `A`, `B` of one numeric type.
/// - Throws: when an integer is divided by 0.
public struct Div: ArithmeticFunction {
  public static let signature = OperatorSignature("Div", since: 7, operands: 2...2, gradient: .defined)
  static let function = BinaryFunction.divide

  public init() {}

  // MARK: Kernel

  func apply<T: FixedWidthInteger>(_ a: T, _ b: T) throws(OperatorError) -> T {
    guard b != 0 else { throw .operands("the integer \(a) is divided by 0") }
    // The least integer divided by -1 wraps around.
    return a.dividedReportingOverflow(by: b).partialValue
  }

  // MARK: Gradient

  /// ∂A = ∂C / B and ∂B = -C ∂C / B, summed over stretched axes.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil, nil] }
    let part = try graph.quotient(seed, step.operand(1))
    return [
      step.wants[0] ? try graph.summed(part, to: step.shape(0)) : nil,
      step.wants[1] ? try graph.negated(graph.summed(graph.product(part, step.results[0]), to: step.shape(1))) : nil,
    ]
  }
}
