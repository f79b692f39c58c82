import CarpusTensors

/// `∂X` of a reduction that is not linear.
///
/// - Operands: `seed` and the result `Y`, with extent 1 along the reduced axes; `X`.
struct ReductionAdjoint: InternalOperator {
  static let signature = OperatorSignature("Reduction", domain: "adjoint", operands: 3...3, gradient: .undefined)

  enum Kind: Sendable {
    case l1, l2, sumOfSquares
    /// The largest or the smallest.
    case extremum
  }

  private let kind: Kind

  init(of kind: Kind) { self.kind = kind }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { [.tensor(try operands.floatingTensor(2))] }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    results.elementType(0) == .float64
      ? try evaluate(Double.self, operands, into: &results) : try evaluate(Float.self, operands, into: &results)
  }

  private func evaluate<T: KernelScalar>(
    _ type: T.Type, _ operands: borrowing Operands, into results: inout Results
  ) throws(OperatorError) {
    let s = operands[0], r = operands[1], o = operands[2]
    let seed = s.elements(T.self), y = r.elements(T.self), x = o.elements(T.self)
    var equals = [T](repeating: 0, count: y.count)
    if kind == .extremum {
      var places = try BroadcastPlaces(o.shape, r.shape)
      for index in x.indices {
        if x[index] == y[places.second] { equals[places.second] += 1 }
        places.advance()
      }
    }
    var places = try BroadcastPlaces(o.shape, r.shape)
    var target = results.elements(0, as: T.self)
    for index in x.indices {
      let place = places.second, value = x[index]
      target[index] = switch kind {
      case .l1: value > 0 ? seed[place] : value < 0 ? -seed[place] : 0
      case .l2: y[place] == 0 ? 0 : seed[place] * value / y[place]
      case .sumOfSquares: 2 * value * seed[place]
      case .extremum: value == y[place] ? seed[place] / equals[place] : 0
      }
      places.advance()
    }
  }
}

extension ReductionAxes {
  /// The gradients of a reduction: that of `X`, and none of the axes.
  func pullback(
    _ kind: ReductionAdjoint.Kind, _ step: Step, _ seed: Value?, in graph: inout GraphBuilder
  ) throws(OperatorError) -> [Value?] {
    guard let seed, step.wants[0] else { return step.operands.map { _ in nil } }
    let kept = try keptShape(step)
    let gradient = try graph.add(
      ReductionAdjoint(of: kind), try graph.reshaped(seed, to: kept), try graph.reshaped(step.results[0], to: kept), try step.operand(0))
    return [gradient] + step.operands.dropFirst().map { _ in nil }
  }
}
