import CarpusTensors

/// `Y = X / n` with the norm n = Σ |X| (p = 1) or √(Σ X²) (p = 2) along `axis`; 0 where n is 0.
///
/// - Operands: `X`, floating-point.
public struct LpNormalization: Operator {
  public static let signature = OperatorSignature("LpNormalization", operands: 1...1, gradient: .defined)
  private let line: NormalizedLine

  public init(_ node: inout NodeReader) throws(OperatorError) {
    let p = try node.int("p") ?? 2
    guard p == 1 || p == 2 else { throw .attribute("attribute p must be 1 or 2, not \(p)") }
    line = NormalizedLine(axis: try node.int("axis") ?? -1, isEuclidean: p == 2)
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.floatingTensor(0)
    if let rank = x.shape.rank { _ = try Axes.resolved(line.axis, rank: rank) }
    return [.tensor(x)]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    results.elementType(0) == .float64
      ? try line.evaluate(Double.self, operands[0], seed: nil, into: &results)
      : try line.evaluate(Float.self, operands[0], seed: nil, into: &results)
  }

  // MARK: Gradient

  /// ∂X = (∂Y − d · Σ ∂Y Y) / n, where d is Y for p = 2 and the sign of X for p = 1; 0 where n is 0, as Y is 0 there by definition.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil] }
    return [try graph.add(LpNormalizationAdjoint(line: line), seed, try step.operand(0))]
  }
}

/// `∂X` of `LpNormalization`.
///
/// - Operands: `seed` and `X`.
private struct LpNormalizationAdjoint: InternalOperator {
  static let signature = OperatorSignature("LpNormalization", domain: "adjoint", operands: 2...2, gradient: .undefined)
  let line: NormalizedLine

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { [.tensor(try operands.floatingTensor(1))] }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    results.elementType(0) == .float64
      ? try line.evaluate(Double.self, operands[1], seed: operands[0], into: &results)
      : try line.evaluate(Float.self, operands[1], seed: operands[0], into: &results)
  }
}

/// The lines along an axis that are divided by their norms.
private struct NormalizedLine: Sendable {
  let axis: Int
  let isEuclidean: Bool

  /// The normalised tensor, or the gradient for a seed.
  func evaluate<T: KernelScalar>(_ type: T.Type, _ x: Tensor, seed: Tensor?, into results: inout Results) throws(OperatorError) {
    let axis = try Axes.resolved(self.axis, rank: x.shape.rank), extents = x.shape.extents
    let count = extents[axis], inner = extents.dropFirst(axis + 1).reduce(1, *), outer = extents.prefix(axis).reduce(1, *)
    let other = seed ?? x
    let values = x.elements(T.self), seeds = other.elements(T.self)
    var y = results.elements(0, as: T.self)
    for line in 0..<outer * inner {
      let first = line / inner * count * inner + line % inner
      let places = stride(from: first, to: first + count * inner, by: inner)
      var norm = 0.0, product = 0.0
      for place in places {
        let value = Double(values[place])
        norm += isEuclidean ? value * value : abs(value)
        product += value * Double(seeds[place])
      }
      if isEuclidean { norm = norm.squareRoot() }
      for place in places {
        let value = Double(values[place])
        let direction = isEuclidean ? value / norm : value > 0 ? 1 : value < 0 ? -1 : value
        let result = seed == nil ? value / norm : (Double(seeds[place]) - direction * product / norm) / norm
        y[place] = norm == 0 ? 0 : T(result)
      }
    }
  }
}
