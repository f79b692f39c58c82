import CarpusTensors

/// `Y` is true where X is infinite; with `detect_negative` or `detect_positive` 0 not where it is -∞ or ∞.
///
/// - Operands: `X`, floating-point, any shape.
/// - Results: `Y`, truth values.
public struct IsInf: Pointwise {
  public static let signature = OperatorSignature("IsInf", since: 10, operands: 1...1, gradient: .stops)
  private let seesNegative: Bool
  private let seesPositive: Bool

  public init(_ node: inout NodeReader) throws(OperatorError) {
    seesNegative = try node.flag("detect_negative", default: true)
    seesPositive = try node.flag("detect_positive", default: true)
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    [ValueType(.bool, try operands.floatingTensor(0).shape)]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    Elementwise.ask(operands, into: &results) { (seesPositive && $0 == .infinity) || (seesNegative && $0 == -.infinity) }
  }

  // MARK: Gradient

  /// Truth values have no derivative.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil] }
}
