import CarpusTensors

/// What the classes of a classifier are called.
enum ClassLabels: Sendable {
  case integers([Int64])
  case texts([String])

  /// - Parameter integers: the name of the attribute with integers; that with texts is `classlabels_strings`.
  init(_ node: inout NodeReader, integers name: String) throws(OperatorError) {
    let integers = try node.ints(name) ?? [], texts = try node.strings("classlabels_strings") ?? []
    guard integers.isEmpty != texts.isEmpty else {
      throw .attribute("one of \(name) and classlabels_strings must name the classes, not \(texts.isEmpty ? "none" : "both")")
    }
    self = texts.isEmpty ? .integers(integers.map { Int64($0) }) : .texts(texts)
  }

  var count: Int {
    switch self {
    case .integers(let labels): labels.count
    case .texts(let labels): labels.count
    }
  }

  var elementType: ElementType {
    switch self {
    case .integers: .int64
    case .texts: .string
    }
  }

  /// The labels as a vector.
  var tensor: Tensor {
    switch self {
    case .integers(let labels): Tensor(labels)
    case .texts(let labels): Tensor(labels, shape: [labels.count])
    }
  }

  /// Result `index` names the class of each row by its number.
  func write(_ classes: [Int], into results: inout Results, _ index: Int = 0) throws(OperatorError) {
    switch self {
    case .integers(let labels): results.set(index, .tensor(Tensor(classes.map { labels[$0] }, shape: results.shape(index))))
    case .texts(let labels): try results.setTexts(index, classes.map { labels[$0] })
    }
  }
}

/// The label of each row.
///
/// - Operands: `scores`, `[N, E]`.
struct ClassChoice: InternalOperator {
  static let signature = OperatorSignature("ClassChoice", domain: "carpus", operands: 1...1, gradient: .stops)

  enum Rule: Sendable {
    /// The class with the largest score, the first of equals.
    case largest
    /// The second class where a score is larger than a bound, else the first.
    case above(Double, column: Int)
  }

  private let labels: ClassLabels
  private let rule: Rule

  /// - Precondition: as many labels as the scores have columns, or two.
  init(_ labels: ClassLabels, by rule: Rule) {
    self.labels = labels
    self.rule = rule
  }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    [ValueType(labels.elementType, [try operands.tensor(0).shape[0]])]
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let scores = operands[0].doubles, width = operands[0].shape[1]
    let classes = (0..<results.shape(0).count).map { row in
      switch rule {
      case .above(let bound, let column): return scores[row * width + column] > bound ? 1 : 0
      case .largest:
        var best = 0
        for place in 1..<max(width, 1) where scores[row * width + place] > scores[row * width + best] { best = place }
        return best
      }
    }
    try labels.write(classes, into: &results)
  }

  /// A choice does not change with the numbers.
  func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil] }
}
