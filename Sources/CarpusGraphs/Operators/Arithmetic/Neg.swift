import CarpusTensors

/// `Y = -X`; integers wrap around.
///
/// - Operands: `X`, any numeric type and shape.
public struct Neg: NumericMap, PlainlyWritable, OnceConsuming {
  public static let signature = OperatorSignature("Neg", operands: 1...1, gradient: .defined)

  public init() {}

  // MARK: Kernel

  var function: UnaryFunction { .negative }

  func apply<T: FixedWidthInteger>(_ x: T) -> T { 0 &- x }

  // MARK: Gradient

  /// ∂X = -∂Y
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil] }
    return [try graph.negated(seed)]
  }
}
