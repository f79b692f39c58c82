import CarpusTensors

/// `C = A · B`, broadcast; integers wrap around.
///
/// - Operands: `A`, `B` of one numeric type.
public struct Mul: ArithmeticFunction {
  public static let signature = OperatorSignature("Mul", since: 7, operands: 2...2, gradient: .defined)
  static let function = BinaryFunction.multiply

  public init() {}

  // MARK: Kernel

  func apply<T: FixedWidthInteger>(_ a: T, _ b: T) -> T { a &* b }

  // MARK: Gradient

  /// ∂A = B ∂C and ∂B = A ∂C, summed over stretched axes.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil, nil] }
    return [
      step.wants[0] ? try graph.summed(graph.product(seed, step.operand(1)), to: step.shape(0)) : nil,
      step.wants[1] ? try graph.summed(graph.product(seed, step.operand(0)), to: step.shape(1)) : nil,
    ]
  }
}
