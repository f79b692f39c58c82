import CarpusTensors

/// `Y = ⌈X⌉`, the smallest integer that is not smaller.
///
/// - Operands: `X`, floating-point, any shape.
public struct Ceil: Operator {
  public static let signature = OperatorSignature("Ceil", operands: 1...1, gradient: .stops)

  public init(_ node: inout NodeReader) throws(OperatorError) { node.ignore("consumed_inputs") }
  public init() {}

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try Elementwise.resultTypes(for: operands) }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    Elementwise.evaluate(.ceil, operands, into: &results)
  }

  // MARK: Gradient

  /// A step function is flat where it has a derivative.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] {
    [nil]
  }
}
