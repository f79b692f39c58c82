import CarpusTensors

/// `Y = T(Σ αᵢ k(x, vᵢ) + ρ)` over support vectors `vᵢ`, or `T(α·x + ρ)` without any; with `one_class` 1 where that sum is more than 0, else -1.
///
/// - Operands: `X`, float32, float64, int64 or int32, `[N, F]` or `[F]`.
/// - Results: `Y`, float32 `[N, 1]`.
public struct SVMRegressor: StandIn {
  public static let signature = OperatorSignature("SVMRegressor", domain: "ai.onnx.ml", operands: 1...1, gradient: .defined)
  private let kernel: SupportVectorKernel
  private let coefficients, vectors: [Float]
  private let features: Int
  private let rho: Float
  private let isOneClass: Bool
  private let transform: PostTransform

  public init(_ node: inout NodeReader) throws(OperatorError) {
    let given = try SupportVectorKernel(&node)
    coefficients = try node.floats("coefficients") ?? []
    vectors = try node.floats("support_vectors") ?? []
    let count = try node.int("n_supports") ?? 0, rho = try node.floats("rho") ?? []
    guard !coefficients.isEmpty, count >= 0 else { throw .attribute("there are no coefficients, or \(count) support vectors") }
    guard count == 0 || coefficients.count == count && !vectors.isEmpty && vectors.count % count == 0 else {
      throw .attribute("\(coefficients.count) coefficients and \(vectors.count) numbers do not fit \(count) support vectors")
    }
    guard rho.count == 1 else { throw .attribute("rho must be one number, not \(rho.count)") }
    kernel = count == 0 ? .linear : given
    features = count == 0 ? coefficients.count : vectors.count / count
    self.rho = rho[0]
    isOneClass = try node.flag("one_class", default: false)
    transform = try PostTransform(&node)
  }

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    [ValueType(.float32, [try Features.rows(operands, features: features), 1])]
  }

  /// No gradient flows through the two values of one class.
  public func composed(
    _ operands: [Value?], _ infos: [OperandInfo], results: Int, in graph: inout GraphBuilder
  ) throws(OperatorError) -> [Value]? {
    guard let x = try Features.matrix(operands, infos, in: &graph) else { return nil }
    let sum: Value
    if vectors.isEmpty {
      sum = try graph.add(MatMul(), x, graph.numbers(coefficients, [features, 1], like: x))
    } else {
      let values = try kernel.values(x, vectors, count: coefficients.count, features: features, in: &graph)
      sum = try graph.add(MatMul(), values, graph.numbers(coefficients, [coefficients.count, 1], like: x))
    }
    let score = try graph.shifted(sum, by: Double(rho))
    guard isOneClass else { return [try graph.add(Cast(to: .float32), transform.apply(score, in: &graph))] }
    let isInside = try graph.add(Greater(), score, graph.scalar(0, like: x))
    return [try graph.add(Where(), isInside, graph.constant(Tensor(scalar: 1 as Float)), graph.constant(Tensor(scalar: -1 as Float)))]
  }
}
