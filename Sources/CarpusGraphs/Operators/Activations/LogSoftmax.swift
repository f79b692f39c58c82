import CarpusTensors

/// `Y = X − log Σ exp X` along an axis; which one as in `Softmax`.
///
/// - Operands: `X`, floating-point.
public struct LogSoftmax: ExponentialNormalizing {
  public static let signature = OperatorSignature("LogSoftmax", operands: 1...1, gradient: .defined)
  let axis: SoftmaxAxis

  init(_ axis: SoftmaxAxis) { self.axis = axis }

  // MARK: Kernel

  func evaluate<T: KernelScalar>(_ type: T.Type, _ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let (outer, count, inner) = try axis.extents(operands[0].shape), team = results.team
    var y = results.elements(0, as: T.self)
    Kernels.logSoftmax(operands[0].elements(T.self), outer: outer, count: count, inner: inner, into: &y, team: team)
  }

  // MARK: Gradient

  /// ∂X = ∂Y − P · Σ ∂Y with P the softmax.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil] }
    return [try graph.add(SoftmaxAdjoint(axis, ofLogarithm: true), seed, try graph.add(Softmax(axis), try step.operand(0)))]
  }
}
