import CarpusTensors

/// `Y = T(X Wᵀ + b)` with a transform `T` (`PostTransform`) of each row.
///
/// - Operands: `X`, float32, float64, int64 or int32, `[N, F]` or `[F]`.
/// - Results: `Y`, float32 `[N, targets]`.
public struct LinearRegressor: StandIn {
  public static let signature = OperatorSignature("LinearRegressor", domain: "ai.onnx.ml", operands: 1...1, gradient: .defined)
  private let model: LinearModel
  private let transform: PostTransform

  public init(_ node: inout NodeReader) throws(OperatorError) {
    model = try LinearModel(&node, outputs: try node.int("targets") ?? 1)
    transform = try PostTransform(&node)
  }

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    [ValueType(.float32, [try Features.rows(operands, features: model.features), model.outputs])]
  }

  public func composed(
    _ operands: [Value?], _ infos: [OperandInfo], results: Int, in graph: inout GraphBuilder
  ) throws(OperatorError) -> [Value]? {
    guard let x = try Features.matrix(operands, infos, in: &graph) else { return nil }
    return [try graph.add(Cast(to: .float32), transform.apply(model.scores(of: x, in: &graph), in: &graph))]
  }
}

/// `X Wᵀ + b`, with the rows of `W` one after the other in the attribute `coefficients` and `b` in `intercepts` (0 when left out).
struct LinearModel: Sendable {
  let outputs, features: Int
  private let weights, intercepts: [Float]

  init(_ node: inout NodeReader, outputs: Int) throws(OperatorError) {
    let coefficients = try node.floats("coefficients") ?? []
    intercepts = try node.floats("intercepts") ?? []
    guard outputs > 0, !coefficients.isEmpty, coefficients.count % outputs == 0 else {
      throw .attribute("\(coefficients.count) coefficients cannot be shared among \(outputs) outputs")
    }
    guard intercepts.isEmpty || intercepts.count == outputs else {
      throw .attribute("\(intercepts.count) intercepts do not fit \(outputs) outputs")
    }
    let features = coefficients.count / outputs
    weights = (0..<coefficients.count).map { coefficients[$0 % outputs * features + $0 / outputs] }
    self.outputs = outputs
    self.features = features
  }

  /// - Parameter x: `[N, F]`.
  func scores(of x: Value, in graph: inout GraphBuilder) throws(OperatorError) -> Value {
    let product = try graph.add(MatMul(), x, graph.numbers(weights, [features, outputs], like: x))
    return intercepts.isEmpty ? product : try graph.sum(product, graph.numbers(intercepts, [outputs], like: x))
  }
}
