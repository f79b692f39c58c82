import CarpusTensors

/// `Y = softmax(cap(scale · Q · Kᵀ) + mask) · V` in each head, `cap(s) = softcap · tanh(s / softcap)` if `softcap` is positive.
///
/// A mask of truth values lets through where it is true; `is_causal` lets query i see keys 0…i. A query that sees no key gives zeros.
/// Several heads of Q may share one of K and V.
///
/// - Operands: `Q` `[N, heads, queries, size]` or `[N, queries, heads · size]`; `K` and `V` alike, with `keys` for `queries` and a size of
///   its own for `V`; floating-point; optionally `attn_mask`, broadcast to `[N, heads, queries, keys]`, truth values or numbers (shorter
///   than `keys` along the last axis: the rest is masked).
/// - Throws: `unsupported` for past keys and values, and for results other than `Y`.
public struct Attention: Operator {
  public static let signature = OperatorSignature("Attention", since: 23, operands: 3...7, results: 1...4, gradient: .defined)
  private let rule: AttentionRule

  public init(_ node: inout NodeReader) throws(OperatorError) {
    rule = try AttentionRule(&node)
    guard node.resultCount == 1 else { throw .unsupported("the present keys and values and the products are not available as results") }
    guard try node.int("qk_matmul_output_mode") ?? 0 == 0 else { throw .unsupported("attribute qk_matmul_output_mode must be 0") }
    for name in ["left_window_size", "right_window_size"] {
      guard try node.int(name) ?? -1 == -1 else { throw .unsupported("attribute \(name) must be -1: windows of keys are not available") }
    }
    // Sums and exponentials are taken at least in float32 here.
    let precision = try node.int("softmax_precision") ?? 1
    guard [1, 10, 11, 16].contains(precision) else {
      throw .attribute("attribute softmax_precision must name a floating-point type, not \(precision)")
    }
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    for index in 4..<7 where operands.isPresent(index) {
      throw .unsupported(index == 6 ? "key counts per item (nonpad_kv_seqlen) are not available" : "past keys and values are not available")
    }
    let q = try operands.floatingTensor(0), k = try operands.floatingTensor(1), v = try operands.floatingTensor(2)
    guard q.elementType == k.elementType, q.elementType == v.elementType else { throw .operands("Q, K and V must have one element type") }
    let extents = try rule.extents(q.shape, k.shape, v.shape)
    if let mask = try operands.optionalTensor(3) {
      guard mask.elementType == .bool || mask.elementType == q.elementType else {
        throw .operands("the mask must have truth values or elements of \(q.elementType), not of \(mask.elementType)")
      }
      try extents.check(mask: mask.shape)
    }
    return [ValueType(q.elementType, extents.result)]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    results.elementType(0) == .float64
      ? try evaluate(Double.self, operands, into: &results) : try evaluate(Float.self, operands, into: &results)
  }

  private func evaluate<T: KernelScalar>(
    _ type: T.Type, _ operands: borrowing Operands, into results: inout Results
  ) throws(OperatorError) {
    let team = results.team, scratch = results.scratch
    let heads = try AttentionHeads<T>(rule, operands[0], operands[1], operands[2], mask: operands.optional(3), team: team)
    let v = heads.v.elements(T.self)
    let y = Tensor(shape: Shape([heads.batch, heads.heads, heads.queries, heads.valueSize])) { (y: inout MutableSpan<T>) in
      for head in 0..<heads.batch * heads.heads {
        let probabilities = heads.calculated(head, scratch: scratch, team: team).probabilities
        var part = y.part(heads.range(head, heads.queries * heads.valueSize))
        Kernels.multiply(
          probabilities.elements(T.self), v.extracting(heads.range(heads.shared(head), heads.keys * heads.valueSize)), into: &part,
          m: heads.queries, n: heads.valueSize, k: heads.keys, scratch: scratch, team: team)
      }
    }
    results.copyElements(of: operands[0].shape.rank == 3 ? y.permuted([0, 2, 1, 3], team: team) : y)
  }

  // MARK: Gradient

  /// With P the softmax: ∂V = Pᵀ ∂Y, ∂S = P (∂P − Σ ∂P · P) cap′ with ∂P = ∂Y Vᵀ, ∂Q = scale ∂S K, ∂K = scale ∂Sᵀ Q.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    try step.refuse(3, "the mask")
    guard let seed = seeds[0] else { return step.operands.map { _ in nil } }
    let operands = [seed] + step.operands.prefix(4)
    let gradients: [Value?] = try graph.add(AttentionAdjoint(rule), operands, results: 3)
    return gradients + step.operands.dropFirst(3).map { _ in nil }
  }
}

/// `∂Q`, `∂K` and `∂V` of `Attention`.
///
/// - Operands: `seed`, `Q`, `K`, `V`, optionally `attn_mask`.
struct AttentionAdjoint: InternalOperator {
  static let signature = OperatorSignature("Attention", domain: "adjoint", operands: 4...5, results: 3...3, gradient: .undefined)
  private let rule: AttentionRule

  init(_ rule: AttentionRule) { self.rule = rule }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    [.tensor(try operands.floatingTensor(1)), .tensor(try operands.floatingTensor(2)), .tensor(try operands.floatingTensor(3))]
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    results.elementType(0) == .float64
      ? try evaluate(Double.self, operands, into: &results) : try evaluate(Float.self, operands, into: &results)
  }

  private func evaluate<T: KernelScalar>(
    _ type: T.Type, _ operands: borrowing Operands, into results: inout Results
  ) throws(OperatorError) {
    let team = results.team, scratch = results.scratch
    let heads = try AttentionHeads<T>(rule, operands[1], operands[2], operands[3], mask: operands.optional(4), team: team)
    let seed = AttentionHeads<T>.separated(operands[0], heads: heads.heads, team: team)
    let (l, s, e, u) = (heads.queries, heads.keys, heads.size, heads.valueSize)
    let dy = seed.elements(T.self), q = heads.q.elements(T.self), k = heads.k.elements(T.self), v = heads.v.elements(T.self)
    var dq = [T](repeating: 0, count: q.count), dk = [T](repeating: 0, count: k.count), dv = [T](repeating: 0, count: v.count)
    for head in 0..<heads.batch * heads.heads {
      let (scores, probabilities) = heads.calculated(head, scratch: scratch, team: team)
      let shared = heads.shared(head), scale = T(heads.scale)
      let dyPart = dy.extracting(heads.range(head, l * u)), kPart = k.extracting(heads.range(shared, s * e))
      let dp = Tensor(shape: scores.shape) { (dp: inout MutableSpan<T>) in
        Kernels.multiply(
          dyPart, v.extracting(heads.range(shared, s * u)), into: &dp, m: l, n: s, k: u, transposeB: true, scratch: scratch, team: team)
      }
      let slopes = heads.pulledBack(dp, scores: scores, probabilities: probabilities)
      let ds = slopes.elements(T.self), p = probabilities.elements(T.self)
      var dqSpan = dq.mutableSpan, dkSpan = dk.mutableSpan, dvSpan = dv.mutableSpan
      var dqPart = dqSpan.part(heads.range(head, l * e))
      var dkPart = dkSpan.part(heads.range(shared, s * e)), dvPart = dvSpan.part(heads.range(shared, s * u))
      Kernels.multiply(ds, kPart, into: &dqPart, m: l, n: e, k: s, alpha: scale, scratch: scratch, team: team)
      Kernels.multiply(
        ds, q.extracting(heads.range(head, l * e)), into: &dkPart, m: s, n: e, k: l, transposeA: true, alpha: scale, beta: 1,
        scratch: scratch, team: team)
      Kernels.multiply(p, dyPart, into: &dvPart, m: s, n: u, k: l, transposeA: true, beta: 1, scratch: scratch, team: team)
    }
    let isFlat = operands[1].shape.rank == 3
    for (index, (gradient, shape)) in [(dq, heads.q.shape), (dk, heads.k.shape), (dv, heads.v.shape)].enumerated() {
      let tensor = Tensor(gradient, shape: shape)
      results.copyElements(of: isFlat ? tensor.permuted([0, 2, 1, 3], team: team) : tensor, to: index)
    }
  }
}
