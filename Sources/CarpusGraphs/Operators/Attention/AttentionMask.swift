import CarpusTensors

/// What is added to the scores of an attention: the values of a mask, and −∞ where a query must not see a key.
struct AttentionMask {
  private let rule: AttentionRule
  private let values: [Double]
  private let strides: [Int]
  /// Keys that the mask has values for; the others are masked.
  private let maskedKeys: Int
  /// Keys that count, for each item.
  private let counts: [Int]?
  /// The position of the first query among the keys, for each item.
  private let offsets: [Int]
  /// False when every score stays what it is.
  let isNeeded: Bool

  /// - Parameters:
  ///   - past: the number of keys before the first new one.
  ///   - counts: the keys that count, for each item.
  /// - Throws: when a count is none.
  init(
    _ rule: AttentionRule, mask: Tensor?, counts: [Int]?, past: Int, batch: Int, queries: Int, keys: Int
  ) throws(OperatorError) {
    self.rule = rule
    values = mask.map { $0.elementType == .bool ? $0.array(of: Bool.self).map { $0 ? 0 : -.infinity } : $0.doubles } ?? [0]
    let own = mask.map { zip($0.shape.extents, $0.shape.strides).map { $0 == 1 ? 0 : $1 } } ?? []
    strides = [Int](repeating: 0, count: max(4 - own.count, 0)) + own
    maskedKeys = mask?.shape.extents.last ?? keys
    if let counts {
      guard counts.count == batch, counts.allSatisfy({ (0...keys).contains($0) }) else {
        throw .operands("the counts of keys must be \(batch) numbers from 0 to \(keys)")
      }
    }
    self.counts = counts
    offsets = (0..<batch).map { item in counts.map { $0[item] - queries } ?? past }
    isNeeded = mask != nil || counts != nil || rule.isCausal || rule.left != nil || rule.right != nil
  }

  /// Where the value for a score lies in the mask; `nil` where the mask is too short.
  func place(item: Int, head: Int, query: Int, key: Int) -> Int? {
    key < maskedKeys ? item * strides[0] + head * strides[1] + query * strides[2] + key * strides[3] : nil
  }

  func bias(item: Int, head: Int, query: Int, key: Int) -> Double {
    let distance = key - query - offsets[item]
    if rule.isCausal, distance > 0 { return -.infinity }
    if let left = rule.left, distance < -left { return -.infinity }
    if let right = rule.right, distance > right { return -.infinity }
    if let counts, key >= counts[item] { return -.infinity }
    return place(item: item, head: head, query: query, key: key).map { values[$0] } ?? -.infinity
  }
}
