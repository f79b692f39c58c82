import CarpusTensors

/// Turns pairs `(x₁, x₂)` of the elements of a head by an angle that depends on the position: `(c x₁ − s x₂, s x₁ + c x₂)`.
///
/// The pairs are elements i and i + d/2 of the first d (`rotary_embedding_dim`, all if 0), or 2i and 2i + 1 if `interleaved`.
///
/// - Operands: `X` `[N, heads, positions, size]` or `[N, positions, heads · size]`; the cosines c and sines s `[N, positions, d/2]`, or
///   `[rows, d/2]` with `position_ids` int64 `[N, positions]`, which name their rows.
/// - Throws: when the extents do not fit together, d is odd, or there is no such row.
public struct RotaryEmbedding: Floating {
  public static let signature = OperatorSignature("RotaryEmbedding", since: 23, operands: 3...4, gradient: .defined)
  private let rule: RotaryRule

  public init(_ node: inout NodeReader) throws(OperatorError) { rule = try RotaryRule(&node) }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    try rule.check(operands)
    return [.tensor(try operands.tensor(0))]
  }

  // MARK: Kernel

  func evaluate<T: KernelScalar>(_ type: T.Type, _ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    results.copyElements(of: operands[0])
    let a = operands[0], b = operands[1], c = operands[2]
    let x = a.elements(T.self), cosines = b.elements(T.self), sines = c.elements(T.self)
    let pairs = try rule.pairs(a.shape, b.shape, operands.integers(3))
    var y = results.elements(0, as: T.self)
    pairs.forEach { first, second, angle in
      y[first] = cosines[angle] * x[first] - sines[angle] * x[second]
      y[second] = sines[angle] * x[first] + cosines[angle] * x[second]
    }
  }

  // MARK: Gradient

  /// ∂X is ∂Y turned back; ∂c = Σ ∂y₁ x₁ + ∂y₂ x₂ and ∂s = Σ ∂y₂ x₁ − ∂y₁ x₂ over all pairs that share the angle.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    var gradients = [Value?](repeating: nil, count: step.operands.count)
    guard let seed = seeds[0] else { return gradients }
    let cosines = try step.operand(1), sines = try step.operand(2)
    if step.wants[0] {
      let operands = [seed, cosines, try graph.negated(sines)] + step.operands.dropFirst(3)
      gradients[0] = try graph.add(self, operands, results: 1)[0]
    }
    if step.wants[1] || step.wants[2] {
      let angles = try graph.add(RotaryAdjoint(rule), [seed] + step.operands, results: 2)
      for index in 1...2 where step.wants[index] { gradients[index] = angles[index - 1] }
    }
    return gradients
  }
}

/// The attributes of a rotary embedding, and which elements they make a pair.
struct RotaryRule: Sendable {
  private let isInterleaved: Bool
  private let dimension, heads: Int

  init(_ node: inout NodeReader) throws(OperatorError) {
    isInterleaved = try node.flag("interleaved", default: false)
    dimension = try node.int("rotary_embedding_dim") ?? 0
    guard dimension >= 0, dimension % 2 == 0 else {
      throw .attribute("attribute rotary_embedding_dim must be an even number of elements, not \(dimension)")
    }
    heads = try node.int("num_heads") ?? 0
    guard heads >= 0 else { throw .attribute("attribute num_heads must be a number of heads, not \(heads)") }
  }

  /// - Throws: when the operands that are known do not fit together.
  func check(_ operands: [OperandInfo]) throws(OperatorError) {
    let x = try operands.floatingTensor(0), cosines = try operands.tensor(1), sines = try operands.tensor(2)
    guard cosines.elementType == x.elementType, sines.elementType == x.elementType else {
      throw .operands("X, cosines and sines must have one element type")
    }
    guard cosines.shape.agrees(with: sines.shape) else {
      throw .operands("there must be as many cosines as sines, not \(cosines.shape) and \(sines.shape)")
    }
    let ids = try operands.optionalTensor(3)
    if let ids, !ids.elementType.isInteger { throw .operands("position_ids must be integers, not \(ids.elementType)") }
    guard let rank = x.shape.rank else { return }
    guard rank == 3 || rank == 4 else { throw .operands("X must have three or four axes, not \(x.shape)") }
    let items = x.shape[0], positions = x.shape[rank == 3 ? 1 : 2]
    if let ids, !ids.shape.agrees(with: [items, positions]) {
      throw .operands("position_ids must be \(PartialShape([items, positions])), not \(ids.shape)")
    }
    guard let size = try size(of: x.shape) else { return }
    guard dimension <= size, dimension > 0 || size % 2 == 0 else {
      throw .operands("heads of \(size) elements cannot be turned in \(dimension == 0 ? size : dimension) of them")
    }
    let half = (dimension == 0 ? size : dimension) / 2
    let wanted: PartialShape = ids == nil ? [items, positions, half] : [nil, half]
    guard cosines.shape.agrees(with: wanted), sines.shape.agrees(with: wanted) else {
      throw .operands("cosines and sines must be \(wanted), not \(cosines.shape) and \(sines.shape)")
    }
  }

  private func size(of shape: PartialShape) throws(OperatorError) -> Int? {
    guard shape.rank == 3 else { return shape[3] }
    guard heads > 0 else { throw .attribute("attribute num_heads must be a positive number for an operand of three axes") }
    guard let width = shape[2] else { return nil }
    guard width % heads == 0 else { throw .operands("\(width) elements cannot be shared by \(heads) heads") }
    return width / heads
  }

  /// The pairs of elements of `X`, and where the cosine and sine of each lie.
  ///
  /// - Throws: when a position has no row.
  func pairs(_ x: Shape, _ angles: Shape, _ ids: [Int]?) throws(OperatorError) -> RotaryPairs {
    let isFlat = x.rank == 3
    let size = isFlat ? x[2] / heads : x[3], positions = isFlat ? x[1] : x[2]
    if let ids, let id = ids.first(where: { $0 < 0 || $0 >= angles[0] }) {
      throw .operands("position \(id) has no row among \(angles[0])")
    }
    return RotaryPairs(
      items: x[0], heads: isFlat ? heads : x[1], positions: positions, size: size, half: angles.extents.last ?? 0,
      headStride: isFlat ? size : positions * size, positionStride: isFlat ? x[2] : size, isInterleaved: isInterleaved, ids: ids)
  }
}

struct RotaryPairs {
  let items, heads, positions, size, half, headStride, positionStride: Int
  let isInterleaved: Bool
  let ids: [Int]?

  func forEach(_ body: (_ first: Int, _ second: Int, _ angle: Int) -> Void) {
    for item in 0..<items {
      for position in 0..<positions {
        let row = item * positions + position, angle = (ids?[row] ?? row) * half
        for head in 0..<heads {
          let start = item * heads * positions * size + head * headStride + position * positionStride
          for index in 0..<half {
            let first = start + (isInterleaved ? 2 * index : index)
            body(first, first + (isInterleaved ? 1 : half), angle + index)
          }
        }
      }
    }
  }
}

/// `∂cosines` and `∂sines` of `RotaryEmbedding`.
///
/// - Operands: `seed`, and the operands of `RotaryEmbedding`.
struct RotaryAdjoint: InternalOperator, Floating {
  static let signature = OperatorSignature("RotaryEmbedding", domain: "adjoint", operands: 4...5, results: 2...2, gradient: .undefined)
  private let rule: RotaryRule

  init(_ rule: RotaryRule) { self.rule = rule }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    [.tensor(try operands.floatingTensor(2)), .tensor(try operands.floatingTensor(3))]
  }

  func evaluate<T: KernelScalar>(_ type: T.Type, _ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let a = operands[0], b = operands[1], angles = operands[2].shape
    let seed = a.elements(T.self), x = b.elements(T.self)
    var cosines = [Double](repeating: 0, count: angles.count), sines = cosines
    try rule.pairs(b.shape, angles, operands.integers(4)).forEach { first, second, angle in
      cosines[angle] += Double(seed[first] * x[first] + seed[second] * x[second])
      sines[angle] += Double(seed[second] * x[first] - seed[first] * x[second])
    }
    results.copyElements(of: Tensor(cosines.map { T($0) }, shape: angles), to: 0)
    results.copyElements(of: Tensor(sines.map { T($0) }, shape: angles), to: 1)
  }
}
