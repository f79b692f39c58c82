import CarpusTensors
import Glibc

/// The gradients of the operands of `LinearAttention`; one of no elements where an operand is absent.
///
/// From the last position to the first, with G the gradient of the state: G += scale q ⊗ ∂o, ∂q = scale S ∂o, ∂k = G u, ∂u = Gᵀ k; with a
/// correction ∂β = ∂u · d for d = v − S′ᵀ k, ∂v = β ∂u, ∂k −= S′ ∂v, G −= k ⊗ ∂v; with a decay ∂g = Σ G S′, G = exp(g) G.
///
/// - Operands: the seeds of both results, each or none of them, and the operands of `LinearAttention`.
struct LinearAttentionAdjoint: InternalOperator, Floating {
  static let signature = OperatorSignature("LinearAttention", domain: "adjoint", operands: 5...8, results: 6...6, gradient: .undefined)
  private static let first = 2
  private let rule: LinearAttentionRule

  init(_ rule: LinearAttentionRule) { self.rule = rule }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    try operands.gradientTypes(of: Self.first..<Self.first + 6)
  }

  func evaluate<T: KernelScalar>(_ type: T.Type, _ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let run = try LinearAttentionRun<T>(rule, operands, first: Self.first), (size, width) = (run.size, run.valueSize)
    let seed = operands.optional(0)?.array(of: T.self)
    let stateSeed = operands.optional(1)?.converted(to: T.elementType).array(of: T.self)
    // All positions' states of a head, after the decay and after the position.
    guard let kept = Shape(checking: [2, run.positions, size, width]) else { throw .tooLarge("\(run.positions) positions are too many") }
    try MemoryLimit.check(kept, T.elementType)
    var found = (0..<6).map { [T](repeating: 0, count: results.shape($0).count) }
    for head in 0..<run.items * run.keyHeads {
      var state = run.initialState(head), states: [[T]] = [], advances: [LinearAttentionRun<T>.Advance] = []
      for position in 0..<run.positions {
        advances.append(run.advance(head, position, &state))
        states.append(state)
      }
      let all = head * size * width..<(head + 1) * size * width
      var gradient = stateSeed.map { Array($0[all]) } ?? [T](repeating: 0, count: size * width)
      for position in (0..<run.positions).reversed() {
        if let seed {
          for query in run.queries(head) {
            let own = run.start(query, position, heads: run.heads, size), from = run.start(query, position, heads: run.heads, width)
            for place in gradient.indices {
              let (row, column) = place.quotientAndRemainder(dividingBy: width)
              gradient[place] += run.scale * run.q[own + row] * seed[from + column]
              found[0][own + row] += run.scale * states[position][place] * seed[from + column]
            }
          }
        }
        let advance = advances[position], key = run.key(head, position), value = run.value(head, position), beta = advance.beta ?? 1
        var du = [T](repeating: 0, count: width)
        for place in gradient.indices {
          let (row, column) = place.quotientAndRemainder(dividingBy: width)
          found[1][key + row] += gradient[place] * beta * advance.difference[column]
          du[column] += gradient[place] * run.k[key + row]
        }
        for column in 0..<width { found[2][value + column] += beta * du[column] }
        if advance.beta != nil {
          for column in 0..<width { found[5][run.rate(head, position)] += du[column] * advance.difference[column] }
          for place in gradient.indices {
            let (row, column) = place.quotientAndRemainder(dividingBy: width)
            found[1][key + row] -= advance.decayed[place] * beta * du[column]
            gradient[place] -= run.k[key + row] * beta * du[column]
          }
        }
        if let factors = advance.factors {
          for place in gradient.indices {
            found[4][run.gate(head, position, place / width)] += gradient[place] * advance.decayed[place]
            gradient[place] *= factors[place / width]
          }
        }
      }
      if operands.isPresent(Self.first + 3) { found[3].replaceSubrange(all, with: gradient) }
    }
    for index in 0..<6 where operands.isPresent(Self.first + index) {
      let gradient = Tensor(found[index], shape: results.shape(index))
      results.copyElements(of: gradient.converted(to: results.elementType(index)), to: index)
    }
  }
}

extension KernelScalar {
  /// exp x, by way of a double.
  static func exponential(_ x: Self) -> Self { Self(exp(Double(x))) }
}
