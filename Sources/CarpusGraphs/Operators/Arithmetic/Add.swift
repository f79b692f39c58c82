import CarpusTensors

/// `C = A + B`, broadcast; integers wrap around.
///
/// - Operands: `A`, `B` of one numeric type.
public struct Add: ArithmeticFunction {
  public static let signature = OperatorSignature("Add", since: 7, operands: 2...2, gradient: .defined)
  static let function = BinaryFunction.add

  public init() {}

  // MARK: Kernel

  func apply<T: FixedWidthInteger>(_ a: T, _ b: T) -> T { a &+ b }

  // MARK: Gradient

  /// ∂A = ∂B = ∂C, summed over stretched axes.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil, nil] }
    return [
      step.wants[0] ? try graph.summed(seed, to: step.shape(0)) : nil,
      step.wants[1] ? try graph.summed(seed, to: step.shape(1)) : nil,
    ]
  }
}
