import CarpusTensors

/// The gradients of the first six operands of `Attention`; one of no elements where the operand is absent or holds no real numbers.
///
/// - Operands: the seeds of the four results, each or none of them, and the operands of `Attention`.
struct AttentionAdjoint: InternalOperator, Floating {
  static let signature = OperatorSignature("Attention", domain: "adjoint", operands: 7...11, results: 6...6, gradient: .undefined)
  private static let first = 4
  private let rule: AttentionRule

  init(_ rule: AttentionRule) { self.rule = rule }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    try operands.gradientTypes(of: Self.first..<Self.first + 6)
  }

  func evaluate<T: KernelScalar>(_ type: T.Type, _ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let team = results.team, scratch = results.scratch
    let heads = try AttentionHeads<T>(rule, operands, first: Self.first, team: team)
    let (l, s, e, u) = (heads.queries, heads.keys, heads.size, heads.valueSize)
    let seed = operands.optional(0).map { AttentionHeads<T>.separated($0, heads: heads.heads, team: team) }
    let dy = seed ?? Tensor(zeros: T.elementType, shape: Shape([heads.batch, heads.heads, l, u]))
    let q = heads.q.elements(T.self), k = heads.k.elements(T.self), v = heads.v.elements(T.self)
    var dq = [T](repeating: 0, count: q.count)
    var dk = operands.optional(1)?.array(of: T.self) ?? [T](repeating: 0, count: k.count)
    var dv = operands.optional(2)?.converted(to: T.elementType).array(of: T.self) ?? [T](repeating: 0, count: v.count)
    let mask = operands.optional(Self.first + 3)
    let isMaskWanted = results.isWanted(3) && mask?.elementType.isFloatingPoint == true
    var dmask = [Double](repeating: 0, count: isMaskWanted ? mask?.shape.count ?? 0 : 0)
    for head in 0..<heads.batch * heads.heads {
      let scores = heads.scores(head, scratch: scratch, team: team)
      let shared = heads.shared(head), scale = T(heads.scale)
      let dyPart = dy.elements(T.self).extracting(heads.range(head, l * u)), kPart = k.extracting(heads.range(shared, s * e))
      let dp = Tensor(shape: Shape([l, s])) { (dp: inout MutableSpan<T>) in
        Kernels.multiply(
          dyPart, v.extracting(heads.range(shared, s * u)), into: &dp, m: l, n: s, k: u, transposeB: true, scratch: scratch, team: team)
      }
      let exposed = operands.optional(3)
      let (masked, products) = heads.pulledBack(dp, exposed: exposed?.elements(T.self).extracting(heads.range(head, l * s)), scores)
      if isMaskWanted {
        for (place, gradient) in masked.enumerated() {
          let (query, key) = place.quotientAndRemainder(dividingBy: s)
          guard let target = heads.mask.place(item: head / heads.heads, head: head % heads.heads, query: query, key: key) else { continue }
          dmask[target] += Double(gradient)
        }
      }
      let ds = products.elements(T.self), p = scores.probabilities.elements(T.self)
      var dqSpan = dq.mutableSpan, dkSpan = dk.mutableSpan, dvSpan = dv.mutableSpan
      var dqPart = dqSpan.part(heads.range(head, l * e))
      var dkPart = dkSpan.part(heads.range(shared, s * e)), dvPart = dvSpan.part(heads.range(shared, s * u))
      Kernels.multiply(ds, kPart, into: &dqPart, m: l, n: e, k: s, alpha: scale, scratch: scratch, team: team)
      Kernels.multiply(
        ds, q.extracting(heads.range(head, l * e)), into: &dkPart, m: s, n: e, k: l, transposeA: true, alpha: scale, beta: 1,
        scratch: scratch, team: team)
      Kernels.multiply(p, dyPart, into: &dvPart, m: s, n: u, k: l, transposeA: true, beta: 1, scratch: scratch, team: team)
    }
    let isFlat = operands[Self.first].shape.rank == 3, past = heads.pastKeys
    let gradients: [(Tensor, Range<Int>)] = [
      (Tensor(dq, shape: heads.q.shape), 0..<l), (Tensor(dk, shape: heads.k.shape), past..<s), (Tensor(dv, shape: heads.v.shape), past..<s),
    ]
    for (index, (gradient, positions)) in gradients.enumerated() {
      let new = Self.positions(positions, of: gradient, team: team)
      let result = isFlat ? new.permuted([0, 2, 1, 3], team: team) : new
      results.copyElements(of: result.converted(to: results.elementType(index), team: team), to: index)
    }
    if isMaskWanted { results.copyElements(of: Tensor(dmask, shape: results.shape(3)).converted(to: results.elementType(3)), to: 3) }
    for (index, source) in [(4, 1), (5, 2)] where operands.isPresent(Self.first + index) {
      let old = Self.positions(0..<past, of: gradients[source].0, team: team)
      results.copyElements(of: old.converted(to: results.elementType(index), team: team), to: index)
    }
  }

  /// The elements of some positions, in each item and head.
  private static func positions(_ positions: Range<Int>, of x: Tensor, team: ThreadTeam) -> Tensor {
    let target = Shape([x.shape[0], x.shape[1], positions.count, x.shape[3]])
    return Tensor(elementType: x.elementType, shape: target) { bytes in
      Kernels.copyStrided(
        x.bytes, sourceOffset: positions.lowerBound * x.shape[3], sourceStrides: x.shape.strides, into: &bytes,
        targetStrides: target.strides, extents: target.extents, elementSize: x.elementType.byteCount, team: team)
    }
  }
}
