import CarpusTensors

/// `C = A · B`, broadcast; integers wrap around.
///
/// - Operands: `A`, `B` of one numeric type.
public struct Mul: Operator {
  public static let signature = OperatorSignature("Mul", since: 7, operands: 2...2, gradient: .defined)

  public init(_ node: inout NodeReader) throws(OperatorError) {}
  public init() {}

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try Arithmetic.resultTypes(for: operands) }

  // MARK: Kernel

  private struct Product: IntegerFunction {
    func apply<T: FixedWidthInteger>(_ a: T, _ b: T) -> T { a &* b }
  }

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try Arithmetic.evaluate(.multiply, integer: Product(), operands, into: &results)
  }

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
