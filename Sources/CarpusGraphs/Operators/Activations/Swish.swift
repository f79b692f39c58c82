import CarpusTensors
import Glibc

/// `Y = X / (1 + exp(-alpha · X))`
///
/// - Operands: `X`, floating-point, any shape.
public struct Swish: ElementwiseFunction {
  public static let signature = OperatorSignature("Swish", since: 24, operands: 1...1, gradient: .defined)
  private let alpha: Double

  public init(_ node: inout NodeReader) throws(OperatorError) { alpha = Double(try node.float("alpha") ?? 1) }
  init(alpha: Double) { self.alpha = alpha }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try Elementwise.resultTypes(for: operands) }

  // MARK: Kernel

  private var real: RealFunction {
    let alpha = alpha
    return RealFunction {
      $0 / (1 + exp(-alpha * $0))
    } derivative: { x in
      let s = 1 / (1 + exp(-alpha * x))
      return s * (1 + alpha * x * (1 - s))
    }
  }

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    alpha == 1 ? Elementwise.evaluate(.silu, operands, into: &results) : Elementwise.evaluate(real, operands, into: &results)
  }

  func function(of operands: [OperandInfo]) -> UnaryFunction? { alpha == 1 ? .silu : nil }

  // MARK: Gradient

  /// ∂X = s (1 + alpha X (1 - s)) ∂Y with s = 1 / (1 + exp(-alpha X)).
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard alpha == 1 else { return try Elementwise.pullback(real, step, seeds, in: &graph) }
    return [try graph.add(ElementwiseAdjoint(of: .silu), seeds[0], step.operand(0))]
  }
}
