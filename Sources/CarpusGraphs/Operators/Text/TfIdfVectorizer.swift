import CarpusTensors

/// `Y[j]` counts how often the n-grams with `ngram_indexes[i] = j` occur in a row of `X`.
///
/// The items of an n-gram of `min_gram_length` to `max_gram_length` items lie `1 … max_skip_count + 1` places apart, all equally far; single
/// items are counted once. The n-grams lie one after the other in `pool_strings` or `pool_int64s`: those of n items from place
/// `ngram_counts[n - 1]`. Mode TF gives the counts, IDF the weight where a count is not 0, TFIDF count times weight. The weight of
/// `Y[j]` is `weights[i]` of the n-gram.
///
/// - Operands: `X`, text, int32 or int64, `[C]` or `[N, C]`.
/// - Results: `Y`, float32 `[max ngram_indexes + 1]` or `[N, max ngram_indexes + 1]`.
public struct TfIdfVectorizer: Operator {
  public static let signature = OperatorSignature("TfIdfVectorizer", since: 9, operands: 1...1, numerics: .exact, gradient: .stops)

  private enum Mode: String { case frequency = "TF", inverse = "IDF", both = "TFIDF" }

  /// n-grams that begin alike share their beginnings: what follows each, and where a whole n-gram counts.
  private struct Beginning {
    var next: [TableKey: Int] = [:]
    var column: Int?
  }

  private let mode: Mode
  private let lengths: ClosedRange<Int>
  private let maximalSkip: Int
  private let isOfText: Bool
  private let tree: [Beginning]
  private let columnCount: Int
  /// By column; one that is missing has the weight 0. `nil`: all have 1.
  private let weights: [Int: Float]?

  public init(_ node: inout NodeReader) throws(OperatorError) {
    guard let name = try node.string("mode"), let mode = Mode(rawValue: name) else { throw .attribute("mode must be TF, IDF or TFIDF") }
    self.mode = mode
    guard let minimum = try node.int("min_gram_length"), let maximum = try node.int("max_gram_length"), minimum >= 1, maximum >= minimum,
      let skip = try node.int("max_skip_count"), skip >= 0
    else { throw .attribute("min_gram_length, max_gram_length and max_skip_count must be given, 1 ≤ minimum ≤ maximum and skip ≥ 0") }
    lengths = minimum...maximum
    maximalSkip = skip
    let texts = try node.strings("pool_strings") ?? [], integers = try node.ints("pool_int64s") ?? []
    guard texts.isEmpty != integers.isEmpty else { throw .attribute("one of pool_strings and pool_int64s must be given") }
    isOfText = integers.isEmpty
    let pool = texts.map(TableKey.init) + integers.map(TableKey.integer)
    let columns = try node.ints("ngram_indexes") ?? [], starts = try node.ints("ngram_counts") ?? []
    guard !columns.isEmpty, columns.allSatisfy({ (0..<1 << 24).contains($0) }) else {
      throw .attribute("ngram_indexes must give each n-gram a column from 0 to 2^24 - 1")
    }
    guard maximum <= starts.count, starts.allSatisfy({ (0...pool.count).contains($0) }), starts == starts.sorted() else {
      throw .attribute("ngram_counts must hold, for each length up to \(maximum), where its n-grams begin among \(pool.count) items")
    }
    let given = try node.floats("weights")
    guard given.map({ $0.count == columns.count }) ?? true else {
      throw .attribute("\(given?.count ?? 0) weights do not fit \(columns.count) n-grams")
    }
    var tree = [Beginning()], number = 0
    var weights: [Int: Float] = [:]
    for (index, start) in starts.enumerated() {
      let end = index + 1 < starts.count ? starts[index + 1] : pool.count, length = index + 1
      guard (end - start) % length == 0 else { throw .attribute("\(end - start) items are no whole number of n-grams of \(length)") }
      for first in stride(from: start, to: end, by: length) {
        guard number < columns.count else { throw .attribute("the pool has more n-grams than ngram_indexes, \(columns.count)") }
        if let given { weights[columns[number]] = given[number] }
        var place = 0
        for item in pool[first..<first + length] where lengths.contains(length) {
          if let next = tree[place].next[item] {
            place = next
          } else {
            tree[place].next[item] = tree.count
            place = tree.count
            tree.append(Beginning())
          }
        }
        if lengths.contains(length) { tree[place].column = columns[number] }
        number += 1
      }
    }
    self.tree = tree
    columnCount = 1 + (columns.max() ?? 0)
    self.weights = given == nil ? nil : weights
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0, of: isOfText ? [.string] : [.int32, .int64])
    guard let extents = x.shape.extents else { return [ValueType(.float32, .unknown)] }
    guard extents.count <= 2 else { throw .operands("X must have the shape [C] or [N, C], not \(x.shape)") }
    return [try Movement.resultType(.float32, extents.dropLast() + [columnCount])]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let x = TableKey.keys(operands[0], isByValue: true)
    let length = operands[0].shape.extents.last ?? 1, rows = results.shape(0).count / columnCount
    var y = results.elements(0, as: Float.self)
    for row in 0..<rows {
      let counts = counts(x[row * length..<(row + 1) * length])
      for (column, count) in counts.enumerated() {
        let weight = weights.map { $0[column] ?? 0 } ?? 1
        y[row * columnCount + column] = switch mode {
        case .frequency: count
        case .inverse: count > 0 ? weight : 0
        case .both: count * weight
        }
      }
    }
  }

  private func counts(_ items: ArraySlice<TableKey>) -> [Float] {
    var counts = [Float](repeating: 0, count: columnCount)
    // Items further apart than the row is long make no n-gram but single items, which the first round has counted.
    for distance in 1...max(1, min(maximalSkip, items.count) + 1) {
      for first in items.indices {
        var place = 0, length = 1
        for index in stride(from: first, to: items.endIndex, by: distance) {
          guard let next = tree[place].next[items[index]] else { break }
          place = next
          if let column = tree[place].column, length > 1 || distance == 1 { counts[column] += 1 }
          length += 1
        }
      }
    }
    return counts
  }

  // MARK: Gradient

  /// Counts have no derivative.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil] }
}
