import CarpusTensors

/// `Y` is 1 where X > 0, -1 where X < 0, 0 at 0; NaN stays NaN.
///
/// - Operands: `X`, any numeric type and shape.
public struct Sign: Pointwise, Attributeless {
  public static let signature = OperatorSignature("Sign", since: 9, operands: 1...1, gradient: .stops)

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    try Elementwise.numericResultTypes(for: operands)
  }

  // MARK: Kernel

  private struct Signum: IntegerMap {
    func apply<T: FixedWidthInteger>(_ x: T) -> T { x.signum() }
  }

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    guard !results.elementType(0).isInteger else { return Elementwise.integral(Signum(), operands, into: &results) }
    Elementwise.evaluate({ $0 > 0 ? 1 : $0 < 0 ? -1 : $0 }, operands, into: &results)
  }

  // MARK: Gradient

  /// A step function is flat where it has a derivative.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil] }
}
