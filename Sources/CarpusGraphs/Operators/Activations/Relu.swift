import CarpusTensors

/// `Y = max(X, 0)`; NaN stays NaN.
///
/// - Operands: `X`, any numeric type and shape.
public struct Relu: NumericMap, ElementwiseFunction, OnceConsuming {
  public static let signature = OperatorSignature("Relu", operands: 1...1, gradient: .defined)

  public init() {}

  // MARK: Kernel

  var function: UnaryFunction { .relu }

  func apply<T: FixedWidthInteger>(_ x: T) -> T { max(x, 0) }

  // MARK: Gradient

  /// ∂X = ∂Y where X > 0, which is where Y > 0, else 0; also at X = 0, as in PyTorch.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    [try graph.add(ElementwiseAdjoint(of: .relu), seeds[0], step.results[0])]
  }
}
