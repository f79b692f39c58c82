import CarpusTensors

/// `scores = T(X Wᵀ + b)` with a transform `T` of each row (`PostTransform`), and the label of the class with the largest score before it.
///
/// With two classes and one row of `W` there is one score `s`, that of the second class: its label is chosen where `s > 0`, and the scores
/// are those of `PostTransform.applyToPair`: `1 - s` and `s` before the transform, `-s` and `s` before LOGISTIC. (onnxruntime leaves out
/// the transforms SOFTMAX and SOFTMAX_ZERO then.)
///
/// - Operands: `X`, float32, float64, int64 or int32, `[N, F]` or `[F]`.
/// - Results: the labels, int64 or text `[N]`; the scores, float32 `[N, E]`.
public struct LinearClassifier: StandIn {
  public static let signature = OperatorSignature(
    "LinearClassifier", domain: "ai.onnx.ml", operands: 1...1, results: 1...2, gradient: .defined)
  private let labels: ClassLabels
  private let model: LinearModel
  private let transform: PostTransform

  public init(_ node: inout NodeReader) throws(OperatorError) {
    labels = try ClassLabels(&node, integers: "classlabels_ints")
    guard labels.count >= 2 else { throw .attribute("a classifier needs two labels, and there is one") }
    // One intercept for two classes, or, without intercepts, what the labels say.
    let intercepts = try node.floats("intercepts")?.count ?? 0
    model = try LinearModel(&node, outputs: labels.count == 2 && intercepts == 1 ? 1 : labels.count)
    transform = try PostTransform(&node)
    node.ignore("multi_class")
  }

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let rows = try Features.rows(operands, features: model.features)
    return [ValueType(labels.elementType, [rows]), ValueType(.float32, [rows, labels.count])]
  }

  /// A gradient flows from the scores to `X`, none from the labels.
  public func composed(
    _ operands: [Value?], _ infos: [OperandInfo], results: Int, in graph: inout GraphBuilder
  ) throws(OperatorError) -> [Value]? {
    guard let x = try Features.matrix(operands, infos, in: &graph) else { return nil }
    let scores = try model.scores(of: x, in: &graph)
    let label = try graph.add(ClassChoice(labels, by: model.outputs == 1 ? .above(0, column: 0) : .largest), scores)
    let final = model.outputs == 1
      ? try transform.applyToPair(scores, isSigned: false, in: &graph) : try transform.apply(scores, in: &graph)
    return Array([label, try graph.add(Cast(to: .float32), final)].prefix(results))
  }
}
