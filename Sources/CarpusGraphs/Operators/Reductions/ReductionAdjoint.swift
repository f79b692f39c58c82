import CarpusTensors
import Glibc

/// `∂X` of a reduction that is not linear.
///
/// - Operands: `seed` and the result `Y`, with extent 1 along the reduced axes; `X`.
struct ReductionAdjoint: InternalOperator, Floating, Lowered {
  static let signature = OperatorSignature("Reduction", domain: "adjoint", operands: 3...3, gradient: .undefined)

  enum Kind: Sendable {
    case l1, l2, sumOfSquares
    case logSum, logSumExp
    case product
    /// The largest or the smallest.
    case extremum
  }

  private let kind: Kind

  init(of kind: Kind) { self.kind = kind }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { [.tensor(try operands.floatingTensor(2))] }

  func evaluate<T: KernelScalar>(_ type: T.Type, _ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let s = operands[0], r = operands[1], o = operands[2]
    let seed = s.elements(T.self), y = r.elements(T.self), x = o.elements(T.self)
    // What the elements that share a result have in common: the number of extrema, the sum, or the product and the number of zeros.
    var whole = [T](repeating: kind == .product ? 1 : 0, count: y.count), zeros = [Int](repeating: 0, count: y.count)
    if kind == .extremum || kind == .logSum || kind == .product {
      var places = try BroadcastPlaces(o.shape, r.shape)
      for index in x.indices {
        let place = places.second, value = x[index]
        if kind == .logSum { whole[place] += value }
        if kind == .extremum, value == y[place] { whole[place] += 1 }
        if kind == .product, value == 0 { zeros[place] += 1 }
        if kind == .product, value != 0 { whole[place] *= value }
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
      case .logSum: seed[place] / whole[place]
      // Also where all are -∞, and with them Y.
      case .logSumExp: value == -.infinity ? 0 : seed[place] * T(exp(Double(value - y[place])))
      case .product: zeros[place] > (value == 0 ? 1 : 0) ? 0 : seed[place] * (value == 0 ? whole[place] : whole[place] / value)
      case .extremum: value == y[place] ? seed[place] / whole[place] : 0
      }
      places.advance()
    }
  }

  func lowered(_ operands: [Value?], _ infos: [OperandInfo], opset: Int, in graph: inout GraphBuilder) throws(OperatorError) -> [Value] {
    let (seed, y, x) = (try operands.present(0), try operands.present(1), try operands.present(2)), zero = try graph.scalar(0, like: x)
    let shape = try infos.writtenShape(2), reduced = try infos.writtenShape(1)
    let axes = shape.extents.indices.filter { shape[$0] != reduced[$0] }
    switch kind {
    case .l1:
      let below = try graph.chosen(where: x, isLessThan: 0, graph.negated(seed), else: zero)
      return [try graph.chosen(where: x, isGreaterThan: 0, seed, else: below)]
    case .l2:
      let isZero = try graph.add(Equal(), y, zero), one = try graph.scalar(1, like: x)
      return [try graph.add(Where(), isZero, zero, graph.quotient(graph.product(seed, x), graph.add(Where(), isZero, one, y)))]
    case .sumOfSquares: return [try graph.product(graph.scaled(x, by: 2), seed)]
    case .logSum: return [try graph.quotient(seed, graph.total(x, over: axes))]
    case .logSumExp:
      let share = try graph.add(Exp(), graph.difference(x, y))
      return [try graph.chosen(where: x, isGreaterThan: -.infinity, graph.product(seed, share), else: zero)]
    case .product: throw .unsupported("the gradient of a product of elements is not written")
    case .extremum:
      let isExtreme = try graph.add(Equal(), x, y)
      let count = try graph.total(graph.add(Cast(to: infos.tensor(2).elementType), isExtreme), over: axes)
      return [try graph.add(Where(), isExtreme, graph.quotient(seed, count), zero)]
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
