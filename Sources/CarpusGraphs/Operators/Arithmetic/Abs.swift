import CarpusTensors

/// `Y = |X|`; the least integer stays what it is.
///
/// - Operands: `X`, any numeric type and shape.
public struct Abs: NumericMap, PlainlyWritable, OnceConsuming {
  public static let signature = OperatorSignature("Abs", operands: 1...1, gradient: .defined)

  public init() {}

  // MARK: Kernel

  var function: UnaryFunction { .absolute }

  func apply<T: FixedWidthInteger>(_ x: T) -> T { x < 0 ? 0 &- x : x }

  // MARK: Gradient

  /// ∂X = sign(X) ∂Y, 0 at X = 0.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    [try graph.add(ElementwiseAdjoint(of: .absolute), seeds[0], step.operand(0))]
  }
}
