import CarpusTensors

/// The attributes of an attention, and what they make of the shapes of its operands.
struct AttentionRule: Sendable {
  let scale: Double?
  let softcap: Double
  let isCausal: Bool
  private let queryHeads, keyHeads: Int?

  init(_ node: inout NodeReader) throws(OperatorError) {
    scale = try node.float("scale").map(Double.init)
    softcap = Double(try node.float("softcap") ?? 0)
    isCausal = try node.flag("is_causal", default: false)
    queryHeads = try Self.heads("q_num_heads", &node)
    keyHeads = try Self.heads("kv_num_heads", &node)
  }

  /// The bound keeps operands without elements from having heads without end.
  private static func heads(_ name: String, _ node: inout NodeReader) throws(OperatorError) -> Int? {
    guard let heads = try node.int(name), heads != 0 else { return nil }
    guard (1...1 << 16).contains(heads) else { throw .attribute("attribute \(name) must be a positive number up to 65536, not \(heads)") }
    return heads
  }

  /// `nil` where an extent is not known.
  struct Extents {
    let batch, heads, keyHeads, queries, keys, size, valueSize: Int?
    let result: PartialShape

    func check(mask: PartialShape) throws(OperatorError) {
      guard let extents = mask.extents else { return }
      let target = [batch, heads, queries, keys].suffix(extents.count)
      var fits = (1...4).contains(extents.count)
      for (own, wanted) in zip(extents.dropLast(), target.dropLast()) {
        if let own, let wanted, own != 1, own != wanted { fits = false }
      }
      if let last = extents.last, let last, let keys, last > keys { fits = false }
      guard fits else {
        throw .operands("a mask of \(mask) does not broadcast to \(PartialShape([batch, heads, queries, keys]))")
      }
    }
  }

  func extents(_ q: PartialShape, _ k: PartialShape, _ v: PartialShape) throws(OperatorError) -> Extents {
    guard let rank = q.rank ?? k.rank ?? v.rank else {
      return Extents(batch: nil, heads: nil, keyHeads: nil, queries: nil, keys: nil, size: nil, valueSize: nil, result: .unknown)
    }
    guard rank == 3 || rank == 4, [q, k, v].allSatisfy({ $0.rank == nil || $0.rank == rank }) else {
      throw .operands("Q, K and V must all have four axes or all have three, not \(q), \(k) and \(v)")
    }
    let a = try separated(q, rank, queryHeads, "q_num_heads"), b = try separated(k, rank, keyHeads, "kv_num_heads")
    let c = try separated(v, rank, keyHeads, "kv_num_heads")
    let batch = try agreed([a[0], b[0], c[0]], "items"), keys = try agreed([b[2], c[2]], "keys")
    let size = try agreed([a[3], b[3]], "elements of a query and a key"), shared = try agreed([b[1], c[1]], "heads of keys and values")
    if let heads = a[1], let shared, shared > 0 ? heads % shared != 0 : heads != 0 {
      throw .operands("\(heads) heads of queries cannot share \(shared) heads of keys")
    }
    let flat: Int?
    if let heads = a[1], let valueSize = c[3] {
      let (product, overflow) = heads.multipliedReportingOverflow(by: valueSize)
      guard !overflow else { throw .tooLarge("\(heads) heads of \(valueSize) elements are too many") }
      flat = product
    } else {
      flat = nil
    }
    return Extents(
      batch: batch, heads: a[1], keyHeads: shared, queries: a[2], keys: keys, size: size, valueSize: c[3],
      result: PartialShape(rank == 4 ? [batch, a[1], a[2], c[3]] : [batch, a[2], flat]))
  }

  /// Items, heads, positions and elements.
  private func separated(_ shape: PartialShape, _ rank: Int, _ heads: Int?, _ name: String) throws(OperatorError) -> [Int?] {
    guard rank == 3 else { return shape.extents ?? [nil, nil, nil, nil] }
    guard let heads else { throw .attribute("attribute \(name) must be a positive number for operands of three axes") }
    if let width = shape[2], width % heads != 0 { throw .operands("\(width) elements cannot be shared by \(heads) heads") }
    return [shape[0], heads, shape[1], shape[2].map { $0 / heads }]
  }

  private func agreed(_ extents: [Int?], _ what: String) throws(OperatorError) -> Int? {
    let known = Set(extents.compactMap(\.self))
    guard known.count <= 1 else {
      throw .operands("the numbers of \(what) differ: \(known.sorted().map(String.init).joined(separator: ", "))")
    }
    return known.first
  }
}

/// The operands of an attention with their heads apart, and what is calculated for one head at a time.
struct AttentionHeads<T: KernelScalar> {
  let batch, heads, queries, keys, size, valueSize: Int
  /// Items × heads × positions × elements.
  let q, k, v: Tensor
  let scale: Double
  private let rule: AttentionRule
  private let keyHeads: Int
  private let mask: Mask?

  /// - Throws: when the operands do not fit together or a head has too many scores.
  init(_ rule: AttentionRule, _ q: Tensor, _ k: Tensor, _ v: Tensor, mask: Tensor?, team: ThreadTeam) throws(OperatorError) {
    let extents = try rule.extents(PartialShape(q.shape), PartialShape(k.shape), PartialShape(v.shape))
    guard
      let batch = extents.batch, let heads = extents.heads, let keyHeads = extents.keyHeads, let queries = extents.queries,
      let keys = extents.keys, let size = extents.size, let valueSize = extents.valueSize
    else { throw .operands("Q, K and V must all have four axes or all have three") }
    (self.batch, self.heads, self.keyHeads) = (batch, heads, keyHeads)
    (self.queries, self.keys, self.size, self.valueSize) = (queries, keys, size, valueSize)
    self.q = Self.separated(q, heads: heads, team: team)
    self.k = Self.separated(k, heads: keyHeads, team: team)
    self.v = Self.separated(v, heads: keyHeads, team: team)
    scale = rule.scale ?? 1 / Double(size).squareRoot()
    self.rule = rule
    self.mask = mask.map { Mask($0) }
    // Scores without and with the mask, probabilities, and the mask itself in double.
    guard let shape = Shape(checking: [5, queries, keys]) else { throw .tooLarge("\(queries) queries of \(keys) keys are too many") }
    try MemoryLimit.check(shape, T.elementType)
  }

  /// `[N, positions, heads · size]` as `[N, heads, positions, size]`, which other tensors have already.
  static func separated(_ x: Tensor, heads: Int, team: ThreadTeam) -> Tensor {
    guard x.shape.rank == 3 else { return x }
    return x.reshaped(Shape([x.shape[0], x.shape[1], heads, x.shape[2] / heads])).permuted([0, 2, 1, 3], team: team)
  }

  /// The elements of a head in a tensor with so many per head.
  func range(_ head: Int, _ count: Int) -> Range<Int> { head * count..<(head + 1) * count }

  /// The head of K and V for a head of Q; both count through all items.
  func shared(_ head: Int) -> Int { head / heads * keyHeads + head % heads / (heads / keyHeads) }

  /// Of one head, queries × keys: `cap(scale · Q · Kᵀ)`, and its softmax after the mask.
  func calculated(_ head: Int, scratch: Scratch, team: ThreadTeam) -> (scores: Tensor, probabilities: Tensor) {
    let shape = Shape([queries, keys])
    let scores = Tensor(shape: shape) { (s: inout MutableSpan<T>) in
      Kernels.multiply(
        q.elements(T.self).extracting(range(head, queries * size)), k.elements(T.self).extracting(range(shared(head), keys * size)),
        into: &s, m: queries, n: keys, k: size, transposeB: true, alpha: T(scale), scratch: scratch, team: team)
      guard rule.softcap > 0 else { return }
      Kernels.apply(.affine(scale: 1 / rule.softcap, offset: 0), inPlace: &s, team: team)
      Kernels.apply(.tanh, inPlace: &s, team: team)
      Kernels.apply(.affine(scale: rule.softcap, offset: 0), inPlace: &s, team: team)
    }
    let biases = self.biases(head)
    let masked = biases.isEmpty ? scores : Tensor(zip(scores.array(of: T.self), biases).map { $0 + T($1) }, shape: shape)
    let probabilities = Tensor(shape: shape) { (p: inout MutableSpan<T>) in
      Kernels.softmax(masked.elements(T.self), outer: queries, count: keys, inner: 1, into: &p, team: team)
      guard !biases.isEmpty else { return }
      for query in 0..<queries where biases[range(query, keys)].allSatisfy({ $0 == -.infinity }) {
        for place in range(query, keys) { p[place] = 0 }
      }
    }
    return (scores, probabilities)
  }

  /// What is added to the scores of a head; nothing when there is no mask.
  private func biases(_ head: Int) -> [Double] {
    guard mask != nil || rule.isCausal else { return [] }
    return (0..<queries * keys).map { place in
      let (query, key) = place.quotientAndRemainder(dividingBy: keys)
      if rule.isCausal, key > query { return -.infinity }
      return mask?.bias(item: head / heads, head: head % heads, query: query, key: key) ?? 0
    }
  }

  /// The gradient of `scale · Q · Kᵀ` of a head, from that of its probabilities.
  func pulledBack(_ gradient: Tensor, scores: Tensor, probabilities: Tensor) -> Tensor {
    let g = gradient.elements(T.self), s = scores.elements(T.self), p = probabilities.elements(T.self)
    return Tensor(shape: gradient.shape) { (result: inout MutableSpan<T>) in
      for query in 0..<queries {
        var sum = 0.0
        for place in range(query, keys) { sum += Double(g[place]) * Double(p[place]) }
        for place in range(query, keys) {
          let tanh = rule.softcap > 0 ? Double(s[place]) / rule.softcap : 0
          result[place] = T(Double(p[place]) * (Double(g[place]) - sum) * (1 - tanh * tanh))
        }
      }
    }
  }
}

/// What is added to the scores.
private struct Mask {
  private let values: [Double]
  private let strides: [Int]
  /// Keys that the mask has values for; the others are masked.
  private let keys: Int

  init(_ tensor: Tensor) {
    values = tensor.elementType == .bool ? tensor.array(of: Bool.self).map { $0 ? 0 : -.infinity } : tensor.doubles
    self.keys = tensor.shape.extents.last ?? 0
    let own = zip(tensor.shape.extents, tensor.shape.strides).map { $0 == 1 ? 0 : $1 }
    strides = [Int](repeating: 0, count: max(4 - own.count, 0)) + own
  }

  func bias(item: Int, head: Int, query: Int, key: Int) -> Double {
    guard key < keys else { return -.infinity }
    return values[item * strides[0] + head * strides[1] + query * strides[2] + key * strides[3]]
  }
}
