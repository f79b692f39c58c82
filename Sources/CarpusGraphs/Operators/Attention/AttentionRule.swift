import CarpusTensors

/// The attributes of an attention, and what they make of the shapes of its operands.
struct AttentionRule: Sendable {
  /// At which point the scores become the fourth result.
  enum Exposure: Int, Sendable {
    case products, capped, masked, probabilities
  }

  let scale: Double?
  let softcap: Double
  let isCausal: Bool
  /// How far before and after its own position a query sees; `nil` where nothing bounds it.
  let left, right: Int?
  let exposure: Exposure
  private let queryHeads, keyHeads: Int?

  init(_ node: inout NodeReader) throws(OperatorError) {
    scale = try node.float("scale").map(Double.init)
    softcap = Double(try node.float("softcap") ?? 0)
    isCausal = try node.flag("is_causal", default: false)
    left = try Self.window("left_window_size", &node)
    right = try Self.window("right_window_size", &node)
    queryHeads = try Self.heads("q_num_heads", &node)
    keyHeads = try Self.heads("kv_num_heads", &node)
    let mode = try node.int("qk_matmul_output_mode") ?? 0
    guard let exposure = Exposure(rawValue: mode) else { throw .attribute("attribute qk_matmul_output_mode must be 0 to 3, not \(mode)") }
    self.exposure = exposure
    // Sums and exponentials are taken at least in float32 here.
    let precision = try node.int("softmax_precision") ?? 1
    guard [1, 10, 11, 16].contains(precision) else {
      throw .attribute("attribute softmax_precision must name a floating-point type, not \(precision)")
    }
  }

  /// The bound keeps operands without elements from having heads without end.
  private static func heads(_ name: String, _ node: inout NodeReader) throws(OperatorError) -> Int? {
    guard let heads = try node.int(name), heads != 0 else { return nil }
    guard (1...1 << 16).contains(heads) else { throw .attribute("attribute \(name) must be a positive number up to 65536, not \(heads)") }
    return heads
  }

  private static func window(_ name: String, _ node: inout NodeReader) throws(OperatorError) -> Int? {
    guard let size = try node.int(name), size != -1 else { return nil }
    guard size >= 0 else { throw .attribute("attribute \(name) must be -1 or a number of positions, not \(size)") }
    return size
  }

  /// `nil` where an extent is not known.
  struct Extents {
    let batch, heads, keyHeads, queries, size, valueSize: Int?
    /// Those of the past and the new ones together.
    let keys: Int?
    let result: PartialShape

    var presentKeys: PartialShape { [batch, keyHeads, keys, size] }
    var presentValues: PartialShape { [batch, keyHeads, keys, valueSize] }
    var scores: PartialShape { [batch, heads, queries, keys] }

    func check(mask: PartialShape) throws(OperatorError) {
      guard let extents = mask.extents else { return }
      let target = [batch, heads, queries, keys].suffix(extents.count)
      var fits = (1...4).contains(extents.count)
      for (own, wanted) in zip(extents.dropLast(), target.dropLast()) {
        if let own, let wanted, own != 1, own != wanted { fits = false }
      }
      if let last = extents.last, let last, let keys, last > keys { fits = false }
      guard fits else { throw .operands("a mask of \(mask) does not broadcast to \(scores)") }
    }
  }

  /// - Parameter past: the shapes of the keys and values that came before.
  func extents(
    _ q: PartialShape, _ k: PartialShape, _ v: PartialShape, past: (keys: PartialShape, values: PartialShape)?
  ) throws(OperatorError) -> Extents {
    guard let rank = q.rank ?? k.rank ?? v.rank else {
      return Extents(batch: nil, heads: nil, keyHeads: nil, queries: nil, size: nil, valueSize: nil, keys: nil, result: .unknown)
    }
    guard rank == 3 || rank == 4, [q, k, v].allSatisfy({ $0.rank == nil || $0.rank == rank }) else {
      throw .operands("Q, K and V must all have four axes or all have three, not \(q), \(k) and \(v)")
    }
    let a = try separated(q, rank, queryHeads, "q_num_heads"), b = try separated(k, rank, keyHeads, "kv_num_heads")
    let c = try separated(v, rank, keyHeads, "kv_num_heads")
    let pastKeys = try separated(past?.keys ?? .unknown, 4, nil, ""), pastValues = try separated(past?.values ?? .unknown, 4, nil, "")
    let batch = try agreed([a[0], b[0], c[0], pastKeys[0], pastValues[0]], "items")
    let newKeys = try agreed([b[2], c[2]], "keys"), oldKeys = try agreed([pastKeys[2], pastValues[2]], "past keys")
    let size = try agreed([a[3], b[3], pastKeys[3]], "elements of a query and a key")
    let valueSize = try agreed([c[3], pastValues[3]], "elements of a value")
    let shared = try agreed([b[1], c[1], pastKeys[1], pastValues[1]], "heads of keys and values")
    if let heads = a[1], let shared, shared > 0 ? heads % shared != 0 : heads != 0 {
      throw .operands("\(heads) heads of queries cannot share \(shared) heads of keys")
    }
    return Extents(
      batch: batch, heads: a[1], keyHeads: shared, queries: a[2], size: size, valueSize: valueSize,
      keys: past == nil ? newKeys : try Self.counted(newKeys, oldKeys, "keys") { $0.addingReportingOverflow($1) },
      result: PartialShape(
        rank == 4 ? [batch, a[1], a[2], valueSize]
          : [batch, a[2], try Self.counted(a[1], valueSize, "elements") { $0.multipliedReportingOverflow(by: $1) }]))
  }

  private static func counted(
    _ a: Int?, _ b: Int?, _ what: String, _ operation: (Int, Int) -> (partialValue: Int, overflow: Bool)
  ) throws(OperatorError) -> Int? {
    guard let a, let b else { return nil }
    let (count, overflow) = operation(a, b)
    guard !overflow else { throw .tooLarge("\(a) and \(b) make too many \(what)") }
    return count
  }

  /// Items, heads, positions and elements.
  private func separated(_ shape: PartialShape, _ rank: Int, _ heads: Int?, _ name: String) throws(OperatorError) -> [Int?] {
    guard rank == 3 else {
      guard shape.rank == nil || shape.rank == 4 else { throw .operands("past keys and values must have four axes, not \(shape)") }
      return shape.extents ?? [nil, nil, nil, nil]
    }
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

/// The places of the operands of an attention, in its adjoint moved by the number of seeds before them.
struct AttentionOperands {
  var first = 0

  /// The shapes of past keys and values.
  ///
  /// - Throws: when only one of them is there, or a count of keys as well.
  func past(_ operands: [OperandInfo]) throws(OperatorError) -> (keys: PartialShape, values: PartialShape)? {
    guard let keys = try operands.optionalTensor(first + 4), let values = try operands.optionalTensor(first + 5) else {
      guard !operands.isPresent(first + 4), !operands.isPresent(first + 5) else {
        throw .operands("past keys and past values must be given together")
      }
      return nil
    }
    guard !operands.isPresent(first + 6) else { throw .operands("counts of keys (nonpad_kv_seqlen) and past keys exclude each other") }
    return (keys.shape, values.shape)
  }
}
