import CarpusTensors

/// What ai.onnx.ml does to the scores of a row, at last.
///
/// LOGISTIC is `1 / (1 + exp -x)`; SOFTMAX `exp xᵢ / Σ exp xⱼ`; SOFTMAX_ZERO the same among the scores that are not 0 (within 1e-7),
/// which stay 0; PROBIT the inverse of the normal distribution function by Winitzki's approximation, as in the reference evaluator of
/// the standard.
enum PostTransform: String, Sendable, CaseIterable {
  case none = "NONE"
  case softmax = "SOFTMAX"
  case logistic = "LOGISTIC"
  case softmaxOfNonzero = "SOFTMAX_ZERO"
  case probit = "PROBIT"

  init(_ node: inout NodeReader) throws(OperatorError) { self = try node.choice("post_transform", default: .none) }

  /// - Parameter scores: `[N, E]`.
  func apply(_ scores: Value, in graph: inout GraphBuilder) throws(OperatorError) -> Value {
    switch self {
    case .none: return scores
    case .logistic: return try graph.add(Sigmoid(), scores)
    case .softmax: return try graph.add(Softmax.self, ["axis": .int(-1)], scores)
    case .probit: return try graph.add(Probit(), scores)
    case .softmaxOfNonzero:
      let size = try graph.add(Abs.self, [:], scores)
      let counts = try graph.add(Greater(), size, graph.scalar(1e-7, like: scores))
      let kept = try graph.add(Where(), counts, scores, graph.scalar(-1e30, like: scores))
      let softmax = try graph.add(Softmax.self, ["axis": .int(-1)], kept)
      return try graph.add(Where(), counts, softmax, graph.scalar(0, like: scores))
    }
  }

  /// The scores of two classes from the score `s` of the second one, `[N, 1]`: `-s` and `s` if `isSigned` or what follows is the logistic
  /// function, else `1 - s` and `s`; then the transform of both.
  func applyToPair(_ score: Value, isSigned: Bool, in graph: inout GraphBuilder) throws(OperatorError) -> Value {
    let opposite = try graph.negated(score)
    let other = isSigned || self == .logistic ? opposite : try graph.shifted(opposite, by: 1)
    return try apply(try graph.add(Concat(axis: 1), other, score), in: &graph)
  }
}

/// `Y = √2 erf⁻¹(2 X - 1)` with `erf⁻¹(z) = sign z · √(√(v² - L/a) - v)`, `L = log(1 - z²)`, `v = 2/(π a) + L/2`, `a = 0.147`.
///
/// Source: S. Winitzki, "A handy approximation for the error function and its inverse", 2008.
struct Probit: InternalOperator {
  static let signature = OperatorSignature("Probit", domain: "carpus", operands: 1...1, gradient: .defined)

  init() {}

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try Elementwise.resultTypes(for: operands) }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    results.setNumbers(operands[0].doubles.map(Self.value))
  }

  private static let a = 0.147
  private static let c = 2 / (Double.pi * 0.147)

  private static func value(_ x: Double) -> Double {
    let z = 2 * x - 1, l = logarithm((1 - z) * (1 + z)), v = c + l / 2
    let root = (((v * v - l / a).squareRoot()) - v).squareRoot() * 2.0.squareRoot()
    return z < 0 ? -root : root
  }

  /// The derivative of that formula; its limit √(2π) at 1/2.
  fileprivate static func slope(_ x: Double) -> Double {
    let z = 2 * x - 1
    guard abs(z) > 1e-6 else { return (2 * Double.pi).squareRoot() }
    let l = logarithm((1 - z) * (1 + z)), v = c + l / 2, r = (v * v - l / a).squareRoot()
    let dl = 1 / x - 1 / (1 - x)
    let dq = (v * dl - dl / a) / (2 * r) - dl / 2
    let slope = dq / (2 * (r - v).squareRoot()) * 2.0.squareRoot()
    return z < 0 ? -slope : slope
  }

  private static func logarithm(_ x: Double) -> Double {
    var result = [Double.nan]
    var span = result.mutableSpan
    Kernels.apply(.log, to: [x].span, into: &span, team: .single)
    return result[0]
  }

  /// ∂X = Y'(X) ∂Y.
  func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    [try graph.add(ProbitAdjoint(), seeds[0], step.operand(0))]
  }
}

/// - Operands: `seed` and `X`, of one shape.
struct ProbitAdjoint: InternalOperator {
  static let signature = OperatorSignature("Probit", domain: "adjoint", operands: 2...2, gradient: .undefined)

  init() {}

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { [.tensor(try operands.floatingTensor(1))] }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    results.setNumbers(zip(operands[0].doubles, operands[1].doubles).map { $0 * Probit.slope($1) })
  }
}

extension Results {
  /// The elements of a numeric result, converted to its type.
  mutating func setNumbers(_ numbers: [Double], of index: Int = 0) {
    set(index, .tensor(Tensor(numbers, shape: shape(index)).converted(to: elementType(index))))
  }
}
