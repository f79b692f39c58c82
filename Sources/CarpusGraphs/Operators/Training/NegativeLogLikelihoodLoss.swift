import CarpusTensors

/// `l[n, …] = −w[c] · X[n, c, …]` with c the class of the place, as it is, summed, or as the mean `Σ l / Σ w`.
///
/// - Operands: `X` `[N, C, …]`, logarithms of probabilities; the classes int32 or int64 `[N, …]`; optionally the weights `[C]`, 1 without
///   them. Places of the class `ignore_index` have neither loss nor weight.
/// - Throws: when a class is not one of 0…C − 1.
public struct NegativeLogLikelihoodLoss: Operator {
  public static let signature = OperatorSignature("NegativeLogLikelihoodLoss", since: 12, operands: 2...3, gradient: .defined)
  private let loss: ClassLoss

  public init(_ node: inout NodeReader) throws(OperatorError) { loss = try ClassLoss(&node) }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { [try loss.resultType(for: operands)] }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let x = operands[0]
    results.elementType(0) == .float64
      ? try loss.evaluate(x.elements(Double.self), x.shape, operands, into: &results)
      : try loss.evaluate(x.elements(Float.self), x.shape, operands, into: &results)
  }

  // MARK: Gradient

  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return step.operands.map { _ in nil } }
    let (x, weights) = try loss.pullback(seed, try step.operand(0), step, in: &graph)
    return Array([x, nil, weights].prefix(step.operands.count))
  }
}
