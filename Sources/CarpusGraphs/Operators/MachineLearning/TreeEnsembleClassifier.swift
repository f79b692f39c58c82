import CarpusTensors

/// `scores = T(sum of the votes of all trees + base values)`, with a transform `T` of each row (`PostTransform`), and the label of the
/// class with the most votes before it.
///
/// Two classes may be given by votes for one of them alone. The second one is chosen where these are more than 0, or more than 1/2 if no
/// weight is negative. If they are votes for class 0, they count as the score `s` of the second class, and the scores are those of
/// `PostTransform.applyToPair`: `1 - s` and `s`, or `-s` and `s` if a weight is negative. A single class, numbered, is 1 where its votes
/// are more than 0, else 0. (This is what onnxruntime does, but for the transforms SOFTMAX, SOFTMAX_ZERO and PROBIT of such pairs, for two
/// base values of them, and for two classes that both have votes, where it names a class by 0 and 1 whatever the labels.)
///
/// - Operands: `X`, float32, float64, int64 or int32, `[N, F]` or `[F]`.
/// - Results: the labels, int64 or text `[N]`; the scores, float32 `[N, E]`.
/// - Throws: when the lists of nodes do not fit together, lead outside or in a circle.
public struct TreeEnsembleClassifier: StandIn {
  public static let signature = OperatorSignature(
    "TreeEnsembleClassifier", domain: "ai.onnx.ml", operands: 1...1, results: 1...2, gradient: .stops)
  private let labels: ClassLabels
  private let forest: Forest
  private let base: [Double]
  private let transform: PostTransform
  private let rule: ClassChoice.Rule
  /// The votes are the score of the second class.
  private let isPair: Bool
  private let isSigned: Bool

  public init(_ node: inout NodeReader) throws(OperatorError) {
    let given = try ClassLabels(&node, integers: "classlabels_int64s")
    let attributes = try ForestAttributes(&node, votes: "class")
    let votes = attributes.leaves.joined(), voted = Set(votes.map(\.target))
    isSigned = votes.contains { $0.weight < 0 }
    let base = try ForestAttributes.numbers("base_values", &node)
    let bound = isSigned ? 0 : 0.5
    isPair = given.count == 2 && voted == [0]
    if given.count == 1 {
      guard given.elementType == .int64 else { throw .attribute("a classifier needs two labels, and there is one") }
      labels = .integers([0, 1])
      rule = .above(0, column: 0)
    } else {
      labels = given
      rule = given.count == 2 && voted.count == 1 ? .above(bound, column: isPair ? 0 : 1) : .largest
    }
    let targets = isPair ? 1 : given.count
    guard base.isEmpty || base.count == targets || base.count == given.count else {
      throw .attribute("\(base.count) base values do not fit \(given.count) classes")
    }
    self.base = base.isEmpty ? [] : isPair ? [base[base.count - 1]] : base
    forest = try Forest(attributes.branches, leaves: attributes.leaves, roots: attributes.roots, targetCount: targets)
    transform = try PostTransform(&node)
  }

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let (rows, features) = try Features.extents(operands)
    try forest.check(features: features)
    return [ValueType(labels.elementType, [rows]), try Movement.resultType(.float32, [rows, isPair ? 2 : forest.targetCount])]
  }

  public func composed(
    _ operands: [Value?], _ infos: [OperandInfo], results: Int, in graph: inout GraphBuilder
  ) throws(OperatorError) -> [Value]? {
    guard let x = try Features.matrix(operands, infos, in: &graph) else { return nil }
    let votes = try graph.add(ForestVotes(forest, .sum, base: base), x)
    let label = try graph.add(ClassChoice(labels, by: rule), votes)
    let scores = isPair
      ? try transform.applyToPair(votes, isSigned: isSigned, in: &graph) : try transform.apply(votes, in: &graph)
    return Array([label, try graph.add(Cast(to: .float32), scores)].prefix(results))
  }
}
