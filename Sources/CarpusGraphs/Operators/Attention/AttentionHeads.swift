import CarpusTensors

/// The operands of an attention with their heads apart, and what is calculated for one head at a time.
struct AttentionHeads<T: KernelScalar> {
  let batch, heads, keyHeads, queries, keys, pastKeys, size, valueSize: Int
  /// Items × heads × positions × elements; keys and values with those of the past.
  let q, k, v: Tensor
  let scale: Double
  let mask: AttentionMask
  private let rule: AttentionRule

  /// - Throws: when the operands do not fit together or a head has too many scores.
  init(_ rule: AttentionRule, _ operands: borrowing Operands, first: Int = 0, team: ThreadTeam) throws(OperatorError) {
    let past = try AttentionOperands(first: first).past(operands.infos)
    let extents = try rule.extents(
      PartialShape(operands[first].shape), PartialShape(operands[first + 1].shape), PartialShape(operands[first + 2].shape), past: past)
    guard
      let batch = extents.batch, let heads = extents.heads, let keyHeads = extents.keyHeads, let queries = extents.queries,
      let keys = extents.keys, let size = extents.size, let valueSize = extents.valueSize
    else { throw .operands("Q, K and V must all have four axes or all have three") }
    (self.batch, self.heads, self.keyHeads) = (batch, heads, keyHeads)
    (self.queries, self.keys, self.size, self.valueSize) = (queries, keys, size, valueSize)
    pastKeys = past?.keys[2] ?? 0
    q = Self.separated(operands[first], heads: heads, team: team)
    k = Self.present(operands.optional(first + 4), operands[first + 1], heads: keyHeads, team: team)
    v = Self.present(operands.optional(first + 5), operands[first + 2], heads: keyHeads, team: team).converted(to: T.elementType, team: team)
    scale = rule.scale ?? 1 / Double(size).squareRoot()
    self.rule = rule
    if let mask = operands.optional(first + 3) { try extents.check(mask: PartialShape(mask.shape)) }
    // Scores as products, without and with the mask, probabilities, their gradients, and the mask itself in double.
    guard let shape = Shape(checking: [7, queries, keys]) else { throw .tooLarge("\(queries) queries of \(keys) keys are too many") }
    try MemoryLimit.check(shape, T.elementType)
    mask = try AttentionMask(
      rule, mask: operands.optional(first + 3), counts: operands.integers(first + 6), past: pastKeys, batch: batch, queries: queries,
      keys: keys)
  }

  /// `[N, positions, heads · size]` as `[N, heads, positions, size]`, which other tensors have already.
  static func separated(_ x: Tensor, heads: Int, team: ThreadTeam) -> Tensor {
    guard x.shape.rank == 3 else { return x }
    return x.reshaped(Shape([x.shape[0], x.shape[1], heads, x.shape[2] / heads])).permuted([0, 2, 1, 3], team: team)
  }

  /// The past followed by what is new.
  static func present(_ past: Tensor?, _ new: Tensor, heads: Int, team: ThreadTeam) -> Tensor {
    let new = separated(new, heads: heads, team: team)
    guard let past else { return new }
    let before = past.shape[2], after = new.shape[2]
    let target = Shape([new.shape[0], heads, before + after, new.shape[3]])
    return Tensor(elementType: new.elementType, shape: target) { bytes in
      for (part, start) in [(past, 0), (new, before)] {
        Kernels.copyStrided(
          part.bytes, sourceStrides: part.shape.strides, into: &bytes, targetOffset: start * target[3], targetStrides: target.strides,
          extents: part.shape.extents, elementSize: new.elementType.byteCount, team: team)
      }
    }
  }

  /// The elements of a head in a tensor with so many per head.
  func range(_ head: Int, _ count: Int) -> Range<Int> { head * count..<(head + 1) * count }

  /// The head of K and V for a head of Q; both count through all items.
  func shared(_ head: Int) -> Int { head / heads * keyHeads + head % heads / (heads / keyHeads) }

  /// The scores of one head, queries × keys, from the product to the probabilities.
  struct Scores {
    let products, capped, masked, probabilities: Tensor

    func exposed(_ exposure: AttentionRule.Exposure) -> Tensor {
      switch exposure {
      case .products: products
      case .capped: capped
      case .masked: masked
      case .probabilities: probabilities
      }
    }
  }

  func scores(_ head: Int, scratch: Scratch, team: ThreadTeam) -> Scores {
    let shape = Shape([queries, keys])
    let products = Tensor(shape: shape) { (s: inout MutableSpan<T>) in
      Kernels.multiply(
        q.elements(T.self).extracting(range(head, queries * size)), k.elements(T.self).extracting(range(shared(head), keys * size)),
        into: &s, m: queries, n: keys, k: size, transposeB: true, alpha: T(scale), scratch: scratch, team: team)
    }
    let capped = rule.softcap > 0 ? Tensor(shape: shape) { (s: inout MutableSpan<T>) in
      Kernels.apply(.affine(scale: 1 / rule.softcap, offset: 0), to: products.elements(T.self), into: &s, team: team)
      Kernels.apply(.tanh, inPlace: &s, team: team)
      Kernels.apply(.affine(scale: rule.softcap, offset: 0), inPlace: &s, team: team)
    } : products
    let biases = self.biases(head)
    let masked = biases.isEmpty ? capped : Tensor(zip(capped.array(of: T.self), biases).map { $0 + T($1) }, shape: shape)
    let probabilities = Tensor(shape: shape) { (p: inout MutableSpan<T>) in
      Kernels.softmax(masked.elements(T.self), outer: queries, count: keys, inner: 1, into: &p, team: team)
      guard !biases.isEmpty else { return }
      for query in 0..<queries where biases[range(query, keys)].allSatisfy({ $0 == -.infinity }) {
        for place in range(query, keys) { p[place] = 0 }
      }
    }
    return Scores(products: products, capped: capped, masked: masked, probabilities: probabilities)
  }

  /// What is added to the scores of a head; nothing when nothing is masked.
  private func biases(_ head: Int) -> [Double] {
    guard mask.isNeeded else { return [] }
    return (0..<queries * keys).map { place in
      let (query, key) = place.quotientAndRemainder(dividingBy: keys)
      return mask.bias(item: head / heads, head: head % heads, query: query, key: key)
    }
  }

  /// The gradients of the masked scores and of the products of a head.
  ///
  /// - Parameters:
  ///   - gradient: of the probabilities, without what comes from the exposed scores.
  ///   - exposed: the seed of the exposed scores of the head, if there is one.
  func pulledBack(_ gradient: Tensor, exposed: Span<T>?, _ scores: Scores) -> (masked: [T], products: Tensor) {
    let g = gradient.elements(T.self), capped = scores.capped.elements(T.self), p = scores.probabilities.elements(T.self)
    var masked = [T](repeating: 0, count: g.count)
    func seed(_ exposure: AttentionRule.Exposure, _ place: Int) -> Double {
      guard exposure == rule.exposure, let exposed else { return 0 }
      return Double(exposed[place])
    }
    let products = Tensor(shape: gradient.shape) { (result: inout MutableSpan<T>) in
      for query in 0..<queries {
        var sum = 0.0
        for place in range(query, keys) { sum += (Double(g[place]) + seed(.probabilities, place)) * Double(p[place]) }
        for place in range(query, keys) {
          let inner = Double(p[place]) * (Double(g[place]) + seed(.probabilities, place) - sum) + seed(.masked, place)
          masked[place] = T(inner)
          let tanh = rule.softcap > 0 ? Double(capped[place]) / rule.softcap : 0
          result[place] = T((inner + seed(.capped, place)) * (1 - tanh * tanh) + seed(.products, place))
        }
      }
    }
    return (masked, products)
  }
}
