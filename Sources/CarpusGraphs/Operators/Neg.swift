import CarpusTensors

/// `Y = -X`; integers wrap around.
///
/// - Operands: `X`, any numeric type and shape.
public struct Neg: Operator {
  public static let signature = OperatorSignature("Neg", operands: 1...1, gradient: .defined)

  public init(_ node: inout NodeReader) throws(OperatorError) { node.ignore("consumed_inputs") }
  public init() {}

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    try Elementwise.numericResultTypes(for: operands)
  }

  // MARK: Kernel

  private struct Negative: IntegerMap {
    func apply<T: FixedWidthInteger>(_ x: T) -> T { 0 &- x }
  }

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    Elementwise.evaluate(.negative, integer: Negative(), operands, into: &results)
  }

  // MARK: Gradient

  /// ∂X = -∂Y
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil] }
    return [try graph.negated(seed)]
  }
}
