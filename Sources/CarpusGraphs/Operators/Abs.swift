import CarpusTensors

/// `Y = |X|`; the least integer stays what it is.
///
/// - Operands: `X`, any numeric type and shape.
public struct Abs: Operator {
  public static let signature = OperatorSignature("Abs", operands: 1...1, gradient: .defined)

  public init(_ node: inout NodeReader) throws(OperatorError) { node.ignore("consumed_inputs") }
  public init() {}

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    try Elementwise.numericResultTypes(for: operands)
  }

  // MARK: Kernel

  private struct Magnitude: IntegerMap {
    func apply<T: FixedWidthInteger>(_ x: T) -> T { x < 0 ? 0 &- x : x }
  }

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    Elementwise.evaluate(.absolute, integer: Magnitude(), operands, into: &results)
  }

  // MARK: Gradient

  /// ∂X = sign(X) ∂Y, 0 at X = 0.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    [try graph.add(ElementwiseAdjoint(of: .absolute), seeds[0], step.operand(0))]
  }
}
