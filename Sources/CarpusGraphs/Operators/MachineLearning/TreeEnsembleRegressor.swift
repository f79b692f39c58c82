import CarpusTensors

/// `Y = T(aggregate of the votes of all trees + base values)`, with a transform `T` of each row (`PostTransform`).
///
/// NaN follows `nodes_missing_value_tracks_true`. (onnxruntime adds no base value to a target without a vote, and leaves out the
/// transforms but PROBIT where there is one target; the standard says neither.)
///
/// - Operands: `X`, float32, float64, int64 or int32, `[N, F]` or `[F]`.
/// - Results: `Y`, float32 `[N, n_targets]`.
/// - Throws: when the lists of nodes do not fit together, lead outside or in a circle.
public struct TreeEnsembleRegressor: StandIn {
  public static let signature = OperatorSignature("TreeEnsembleRegressor", domain: "ai.onnx.ml", operands: 1...1, gradient: .stops)
  private let forest: Forest
  private let aggregation: ForestVotes.Aggregation
  private let base: [Double]
  private let transform: PostTransform

  public init(_ node: inout NodeReader) throws(OperatorError) {
    let attributes = try ForestAttributes(&node, votes: "target")
    let count = try node.int("n_targets") ?? 1
    forest = try Forest(attributes.branches, leaves: attributes.leaves, roots: attributes.roots, targetCount: count)
    let names: [String: ForestVotes.Aggregation] = ["AVERAGE": .average, "SUM": .sum, "MIN": .minimum, "MAX": .maximum]
    let name = try node.string("aggregate_function") ?? "SUM"
    guard let aggregation = names[name] else { throw .attribute("aggregate_function must be AVERAGE, SUM, MIN or MAX, not \(name)") }
    self.aggregation = aggregation
    base = try ForestAttributes.numbers("base_values", &node)
    guard base.isEmpty || base.count == count else { throw .attribute("\(base.count) base values do not fit \(count) targets") }
    transform = try PostTransform(&node)
  }

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let (rows, features) = try Features.extents(operands)
    try forest.check(features: features)
    return [try Movement.resultType(.float32, [rows, forest.targetCount])]
  }

  public func composed(
    _ operands: [Value?], _ infos: [OperandInfo], results: Int, in graph: inout GraphBuilder
  ) throws(OperatorError) -> [Value]? {
    guard let x = try Features.matrix(operands, infos, in: &graph) else { return nil }
    let votes = try graph.add(ForestVotes(forest, aggregation, base: base), x)
    return [try graph.add(Cast(to: .float32), transform.apply(votes, in: &graph))]
  }
}
