import CarpusTensors

/// `Y = ⌊X⌋`, the largest integer that is not larger.
///
/// - Operands: `X`, floating-point, any shape.
public struct Floor: Operator {
  public static let signature = OperatorSignature("Floor", operands: 1...1, gradient: .stops)

  public init(_ node: inout NodeReader) throws(OperatorError) { node.ignore("consumed_inputs") }
  public init() {}

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try Elementwise.resultTypes(for: operands) }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    Elementwise.evaluate(.floor, operands, into: &results)
  }

  // MARK: Gradient

  /// A step function is flat where it has a derivative.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] {
    [nil]
  }
}
