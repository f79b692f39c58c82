import CarpusTensors

/// `Y = softmax(cap(scale · Q · Kᵀ) + mask) · V` in each head, `cap(s) = softcap · tanh(s / softcap)` if `softcap` is positive.
///
/// A mask of truth values lets through where it is true. With the position p of a query among the keys, `is_causal` lets it see keys up to
/// p, a window keys from p − left to p + right. A query that sees no key gives zeros. Several heads of Q may share one of K and V.
///
/// - Operands: `Q` `[N, heads, queries, size]` or `[N, queries, heads · size]`; `K` and `V` alike, with `keys` for `queries` and a size of
///   its own for `V`; floating-point; optionally `attn_mask`, broadcast to `[N, heads, queries, keys]`, truth values or numbers (shorter
///   than `keys` along the last axis: the rest is masked); `past_key` and `past_value` `[N, heads, past, size]`, which go before K and V;
///   `nonpad_kv_seqlen` int64 `[N]`, the keys of an item that count.
/// - Results: `Y` like `Q`; keys and values with the past, `[N, heads, keys, size]`; the scores `[N, heads, queries, keys]` as products,
///   capped, masked or as probabilities.
public struct Attention: Viewing, Costed, Floating {
  public static let signature = OperatorSignature("Attention", since: 23, operands: 3...7, results: 1...4, gradient: .defined)
  private let rule: AttentionRule

  public init(_ node: inout NodeReader) throws(OperatorError) { rule = try AttentionRule(&node) }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let q = try operands.floatingTensor(0), k = try operands.floatingTensor(1), v = try operands.floatingTensor(2)
    guard q.elementType == k.elementType else { throw .operands("Q and K must have one element type") }
    let past = try AttentionOperands().past(operands)
    if past != nil {
      let keys = try operands.tensor(4).elementType, values = try operands.tensor(5).elementType
      guard keys == k.elementType, values == v.elementType else { throw .operands("past keys and values must have the types of K and V") }
    }
    let extents = try rule.extents(q.shape, k.shape, v.shape, past: past)
    if let mask = try operands.optionalTensor(3) { try extents.check(mask: mask.shape) }
    if let counts = try operands.optionalTensor(6) {
      guard counts.elementType.isInteger, counts.shape.agrees(with: [extents.batch]) else {
        throw .operands("the counts of keys must be one integer for each item, not \(counts)")
      }
    }
    return [
      ValueType(q.elementType, extents.result), ValueType(k.elementType, extents.presentKeys),
      ValueType(v.elementType, extents.presentValues), ValueType(q.elementType, extents.scores),
    ]
  }

  // MARK: View

  func views(ofOperand index: Int, _ operands: [OperandInfo], result: Shape, number: Int) -> [AxisView]? {
    guard index < 3, let rank = operands.shape(index)?.rank else { return nil }
    // Several heads of queries may share one of keys: those are no positions.
    switch (index, rank) {
    case (0, 3): return [.same(0), .same(1), .all]
    case (0, _): return [.same(0), .same(1), .same(2), .all]
    case (1, 3): return [.same(0), .all, .all]
    case (1, _): return [.same(0), .regrouped(axes: [1]), .all, .all]
    case (_, 3): return [.same(0), .all, .same(2)]
    default: return [.same(0), .regrouped(axes: [1]), .all, .same(3)]
    }
  }

  // MARK: Cost

  /// For each pair of a query and a key the two are multiplied, and the value is weighted.
  func multiplyAdds(_ operands: [OperandInfo], _ results: [ValueType]) -> Int? {
    guard let q = operands.shape(0), let k = operands.shape(1), let v = operands.shape(2),
      let extents = try? rule.extents(PartialShape(q), PartialShape(k), PartialShape(v), past: AttentionOperands().past(operands)), let size = extents.size,
      let valueSize = extents.valueSize
    else { return nil }
    let (elements, overflow) = size.addingReportingOverflow(valueSize)
    return overflow ? nil : product([extents.batch, extents.heads, extents.queries, extents.keys, elements])
  }

  // MARK: Kernel

  func evaluate<T: KernelScalar>(_ type: T.Type, _ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let team = results.team, scratch = results.scratch
    let heads = try AttentionHeads<T>(rule, operands, team: team)
    let v = heads.v.elements(T.self), scoreCount = heads.queries * heads.keys
    let isExposed = results.isWanted(3)
    var exposed = [T](repeating: 0, count: isExposed ? heads.batch * heads.heads * scoreCount : 0)
    let y = Tensor(shape: Shape([heads.batch, heads.heads, heads.queries, heads.valueSize])) { (y: inout MutableSpan<T>) in
      for head in 0..<heads.batch * heads.heads {
        let scores = heads.scores(head, scratch: scratch, team: team)
        if isExposed { exposed.replaceSubrange(heads.range(head, scoreCount), with: scores.exposed(rule.exposure).array(of: T.self)) }
        var part = y.part(heads.range(head, heads.queries * heads.valueSize))
        Kernels.multiply(
          scores.probabilities.elements(T.self), v.extracting(heads.range(heads.shared(head), heads.keys * heads.valueSize)), into: &part,
          m: heads.queries, n: heads.valueSize, k: heads.keys, scratch: scratch, team: team)
      }
    }
    results.copyElements(of: operands[0].shape.rank == 3 ? y.permuted([0, 2, 1, 3], team: team) : y)
    if results.isWanted(1) { results.copyElements(of: heads.k, to: 1) }
    if results.isWanted(2) {
      results.copyElements(
        of: AttentionHeads<T>.present(operands.optional(5), operands[2], heads: heads.keyHeads, team: team), to: 2)
    }
    if isExposed { results.copyElements(of: Tensor(exposed, shape: results.shape(3)), to: 3) }
  }

  // MARK: Gradient

  /// With P the softmax: ∂V = Pᵀ ∂Y, ∂S = P (∂P − Σ ∂P · P) with ∂P = ∂Y Vᵀ for the masked scores, ∂mask = ∂S summed over its stretched
  /// axes, ∂Q = scale ∂S cap′ K, ∂K = scale (∂S cap′)ᵀ Q. The seeds of the other results are added where those come from.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    let seeds = seeds + [Value?](repeating: nil, count: 4 - seeds.count)
    let gradients = try graph.add(AttentionAdjoint(rule), seeds + step.operands, results: 6)
    return step.operands.indices.map { $0 < 6 && step.wants[$0] ? gradients[$0] : nil }
  }
}
