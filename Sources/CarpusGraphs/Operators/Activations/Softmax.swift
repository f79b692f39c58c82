import CarpusTensors

/// `Y = exp X / Σ exp X` along an axis.
///
/// Before version 13 the axes from `axis` (default 1) on are one; since then `axis` (default -1) is a single axis.
///
/// - Operands: `X`, floating-point.
public struct Softmax: ExponentialNormalizing {
  public static let signature = OperatorSignature("Softmax", operands: 1...1, gradient: .defined)
  let axis: SoftmaxAxis

  init(_ axis: SoftmaxAxis) { self.axis = axis }
  init(axis: Int) { self.axis = SoftmaxAxis(axis) }

  // MARK: Kernel

  func evaluate<T: KernelScalar>(_ type: T.Type, _ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let (outer, count, inner) = try axis.extents(operands[0].shape), team = results.team
    var y = results.elements(0, as: T.self)
    Kernels.softmax(operands[0].elements(T.self), outer: outer, count: count, inner: inner, into: &y, team: team)
  }

  // MARK: Gradient

  /// ∂X = Y · (∂Y − Σ ∂Y · Y)
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil] }
    return [try graph.add(SoftmaxAdjoint(axis, ofLogarithm: false), seed, step.results[0])]
  }
}
