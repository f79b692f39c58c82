import CarpusTensors

/// `oₜ = scale · Sₜᵀ qₜ` in each head, with a state `S` that every position changes: `Sₜ = S′ + kₜ ⊗ uₜ`.
///
/// `S′` is `Sₜ₋₁`, multiplied by `exp(gₜ)` with the rules `gated` and `gated_delta`; `uₜ` is `vₜ`, or `βₜ (vₜ − S′ᵀ kₜ)` with `delta` and
/// `gated_delta`. Several heads of queries may share one of keys and its state.
///
/// - Operands: `query` `[N, positions, heads · a]`, `key` `[N, positions, keyHeads · a]`, `value` `[N, positions, keyHeads · b]`,
///   floating-point; optionally the past state `[N, keyHeads, a, b]` (zeros without one); as the rule needs them, the decay g
///   `[N, positions, keyHeads · a]` or `[N, positions, keyHeads]`, and β `[N, positions, keyHeads]` or `[N, positions, 1]`.
/// - Results: `[N, positions, heads · b]`, and the state after the last position.
public struct LinearAttention: Costed, Floating {
  public static let signature = OperatorSignature("LinearAttention", since: 27, operands: 3...6, results: 1...2, gradient: .defined)
  private let rule: LinearAttentionRule

  public init(_ node: inout NodeReader) throws(OperatorError) { rule = try LinearAttentionRule(&node) }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let extents = try rule.extents(operands), query = try operands.tensor(0).elementType
    return [
      ValueType(query, [extents.items, extents.positions, extents.width]),
      ValueType(try operands.optionalTensor(3)?.elementType ?? query, extents.state),
    ]
  }

  // MARK: Cost

  /// At each position every head of keys changes its state, twice with a correction, and every head of queries reads one.
  func multiplyAdds(_ operands: [OperandInfo], _ results: [ValueType]) -> Int? {
    guard let extents = try? rule.extents(operands) else { return nil }
    return product([extents.items, extents.positions, extents.size, extents.valueSize, rule.keyHeads * (rule.isCorrected ? 2 : 1) + rule.heads])
  }

  // MARK: Kernel

  func evaluate<T: KernelScalar>(_ type: T.Type, _ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let run = try LinearAttentionRun<T>(rule, operands)
    var output = [T](repeating: 0, count: results.shape(0).count), states: [T] = []
    for head in 0..<run.items * run.keyHeads {
      var state = run.initialState(head)
      for position in 0..<run.positions {
        _ = run.advance(head, position, &state)
        for query in run.queries(head) { run.read(query, position, state, into: &output) }
      }
      states += state
    }
    results.copyElements(of: Tensor(output, shape: results.shape(0)))
    guard results.isWanted(1) else { return }
    results.copyElements(of: Tensor(states, shape: results.shape(1)).converted(to: results.elementType(1)), to: 1)
  }

  // MARK: Gradient

  /// Back-propagation through the positions, see `LinearAttentionAdjoint`.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    let seeds = seeds + [Value?](repeating: nil, count: 2 - seeds.count)
    let gradients = try graph.add(LinearAttentionAdjoint(rule), seeds + step.operands, results: 6)
    return step.operands.indices.map { step.wants[$0] ? gradients[$0] : nil }
  }
}

/// The attributes of a linear attention, and what they make of the shapes of its operands.
struct LinearAttentionRule: Sendable {
  let heads, keyHeads: Int
  let scale: Double?
  let isGated, isCorrected: Bool

  init(_ node: inout NodeReader) throws(OperatorError) {
    func heads(_ name: String, _ node: inout NodeReader) throws(OperatorError) -> Int {
      guard let heads = try node.int(name), (1...1 << 16).contains(heads) else {
        throw .attribute("attribute \(name) must be a positive number up to 65536")
      }
      return heads
    }
    self.heads = try heads("q_num_heads", &node)
    keyHeads = try heads("kv_num_heads", &node)
    guard self.heads % keyHeads == 0 else {
      throw .attribute("\(self.heads) heads of queries cannot share \(keyHeads) heads of keys")
    }
    let scale = Double(try node.float("scale") ?? 0)
    self.scale = scale == 0 ? nil : scale
    let update = try node.string("update_rule") ?? "gated_delta"
    guard ["linear", "gated", "delta", "gated_delta"].contains(update) else {
      throw .attribute("attribute update_rule must be linear, gated, delta or gated_delta, not '\(update)'")
    }
    isGated = update.hasPrefix("gated")
    isCorrected = update.hasSuffix("delta")
    // A hint for implementations that take several positions at once.
    node.ignore("chunk_size")
  }

  /// `nil` where an extent is not known; `width` is that of the result.
  struct Extents {
    let items, positions, size, valueSize, width: Int?
    let state: PartialShape
  }

  func extents(_ operands: [OperandInfo]) throws(OperatorError) -> Extents {
    let query = try operands.floatingTensor(0), key = try operands.tensor(1), value = try operands.tensor(2)
    for index in [1, 2, 4, 5] {
      if let type = try operands.optionalTensor(index), type.elementType != query.elementType {
        throw .operands("all operands must have one element type, not \(query.elementType) and \(type.elementType)")
      }
    }
    let items = query.shape[0], positions = query.shape[1]
    func size(_ shape: PartialShape, _ heads: Int, _ what: String) throws(OperatorError) -> Int? {
      guard shape.agrees(with: [items, positions, nil]) else {
        throw .operands("\(what) must be \(PartialShape([items, positions, nil])), not \(shape)")
      }
      guard let width = shape[2] else { return nil }
      guard width % heads == 0 else { throw .operands("\(width) elements cannot be shared by \(heads) heads") }
      return width / heads
    }
    let own = try size(query.shape, heads, "the query"), size2 = try size(key.shape, keyHeads, "the key")
    let valueSize = try size(value.shape, keyHeads, "the value")
    if let own, let size2, own != size2 { throw .operands("heads of \(own) and \(size2) elements make no product") }
    let state: PartialShape = [items, keyHeads, own ?? size2, valueSize]
    if let past = try operands.optionalTensor(3) {
      guard past.elementType.isFloatingPoint, past.shape.agrees(with: state) else {
        throw .operands("the past state must be \(state), not \(past)")
      }
    }
    try check(operands, 4, isGated, "decay", [items, positions, keyHeads], (own ?? size2).map { [items, positions, keyHeads * $0] } ?? .unknown)
    try check(operands, 5, isCorrected, "beta", [items, positions, keyHeads], [items, positions, 1])
    let width = valueSize.map { heads.multipliedReportingOverflow(by: $0) }
    guard width?.overflow != true else { throw .tooLarge("\(heads) heads of so many elements are too many") }
    return Extents(
      items: items, positions: positions, size: own ?? size2, valueSize: valueSize, width: width?.partialValue, state: state)
  }

  private func check(
    _ operands: [OperandInfo], _ index: Int, _ isNeeded: Bool, _ what: String, _ a: PartialShape, _ b: PartialShape
  ) throws(OperatorError) {
    guard let type = try operands.optionalTensor(index) else {
      guard !isNeeded else { throw .operands("the update rule needs a \(what)") }
      return
    }
    guard isNeeded else { throw .operands("the update rule knows no \(what)") }
    guard type.shape.agrees(with: a) || type.shape.agrees(with: b) else {
      throw .operands("the \(what) must be \(a) or \(b), not \(type.shape)")
    }
  }
}

/// The operands of a linear attention, and one position of one head of it. Heads of keys count through all items.
struct LinearAttentionRun<T: KernelScalar> {
  let items, positions, keyHeads, heads, size, valueSize: Int
  let scale: T
  let q, k, v: [T]
  private let past, decay, beta: [T]?
  private let isGatedByElement, isBetaShared: Bool

  /// - Parameter first: the index of the query among the operands.
  init(_ rule: LinearAttentionRule, _ operands: borrowing Operands, first: Int = 0) throws(OperatorError) {
    let query = operands[first].shape
    (items, positions, keyHeads, heads) = (query[0], query[1], rule.keyHeads, rule.heads)
    (size, valueSize) = (query[2] / rule.heads, operands[first + 2].shape[2] / rule.keyHeads)
    scale = T(rule.scale ?? 1 / Double(size).squareRoot())
    (q, k, v) = (operands[first].array(of: T.self), operands[first + 1].array(of: T.self), operands[first + 2].array(of: T.self))
    past = operands.optional(first + 3)?.converted(to: T.elementType).array(of: T.self)
    decay = operands.optional(first + 4)?.array(of: T.self)
    beta = operands.optional(first + 5)?.array(of: T.self)
    isGatedByElement = operands.optional(first + 4).map { $0.shape[2] != rule.keyHeads } ?? false
    isBetaShared = operands.optional(first + 5).map { $0.shape[2] != rule.keyHeads } ?? false
  }

  func initialState(_ head: Int) -> [T] {
    let count = size * valueSize
    return past.map { Array($0[head * count..<(head + 1) * count]) } ?? [T](repeating: 0, count: count)
  }

  /// The heads of queries of a head of keys; they too count through all items.
  func queries(_ head: Int) -> Range<Int> { head * (heads / keyHeads)..<(head + 1) * (heads / keyHeads) }

  /// Where the elements of a head begin at a position, with so many of them per head.
  func start(_ head: Int, _ position: Int, heads: Int, _ width: Int) -> Int {
    ((head / heads * positions + position) * heads + head % heads) * width
  }

  func key(_ head: Int, _ position: Int) -> Int { start(head, position, heads: keyHeads, size) }
  func value(_ head: Int, _ position: Int) -> Int { start(head, position, heads: keyHeads, valueSize) }

  /// Where the decay of an element of the keys lies.
  func gate(_ head: Int, _ position: Int, _ element: Int) -> Int {
    isGatedByElement ? key(head, position) + element : start(head, position, heads: keyHeads, 1)
  }

  /// Where β lies.
  func rate(_ head: Int, _ position: Int) -> Int {
    isBetaShared ? head / keyHeads * positions + position : start(head, position, heads: keyHeads, 1)
  }

  /// What a position does to the state: the state after the decay, the difference to what is stored, and β.
  struct Advance {
    let decayed, difference: [T]
    let factors: [T]?
    let beta: T?
  }

  func advance(_ head: Int, _ position: Int, _ state: inout [T]) -> Advance {
    let key = key(head, position), value = value(head, position)
    let factors = decay.map { decay in (0..<size).map { T.exponential(decay[gate(head, position, $0)]) } }
    if let factors {
      for place in state.indices { state[place] *= factors[place / valueSize] }
    }
    let decayed = state, beta = self.beta.map { $0[rate(head, position)] }
    var difference = Array(v[value..<value + valueSize])
    if beta != nil {
      for place in state.indices { difference[place % valueSize] -= decayed[place] * k[key + place / valueSize] }
    }
    let factor = beta ?? 1
    for place in state.indices { state[place] += k[key + place / valueSize] * factor * difference[place % valueSize] }
    return Advance(decayed: decayed, difference: difference, factors: factors, beta: beta)
  }

  /// Writes what a head of queries reads from a state.
  func read(_ query: Int, _ position: Int, _ state: [T], into output: inout [T]) {
    let own = start(query, position, heads: heads, size), target = start(query, position, heads: heads, valueSize)
    for place in state.indices { output[target + place % valueSize] += scale * q[own + place / valueSize] * state[place] }
  }
}
