import CarpusExplanation
import CarpusGraphs
import CarpusTensors
import CarpusTestSupport

/// `features = max(x, 0)`, `[N×2×2×2]` in float64, and what a test puts behind it.
final class SmallNetwork {
  /// Features (1, 2, 0, 4) and (0.5, 0, 3, 2).
  static let image = Tensor([1.0, 2, -3, 4, 0.5, -1, 3, 2], shape: [1, 2, 2, 2])

  var builder = GraphBuilder()
  let x: Value
  let features: Value

  init() throws {
    x = builder.input("x", ValueType(.float64, [nil, 2, 2, 2]))
    features = try builder.add("Relu", [:], [x])
    builder.name(features, "features")
  }

  func add(_ name: String, _ attributes: [String: AttributeValue] = [:], _ operands: Value?..., named: String? = nil) throws -> Value {
    let value = try builder.add(name, attributes, operands)
    if let named { builder.name(value, named) }
    return value
  }

  func constant(_ numbers: [Double], _ shape: Shape) -> Value { builder.constant(Tensor(numbers, shape: shape)) }

  /// `[N×2]`, the mean of each channel.
  func pooled(_ value: Value) throws -> Value { try add("Flatten", [:], add("GlobalAveragePool", [:], value)) }

  /// `Σ weights · value + bias`, `[N×1]`.
  func linear(_ value: Value, _ weights: [Double], bias: Double) throws -> Value {
    try add("Gemm", [:], value, constant(weights, [weights.count, 1]), constant([bias], [1]))
  }

  /// The graph for a number of images.
  func graph(_ score: Value, images: Int = 1) throws -> Graph {
    try builder.finished(outputs: [NamedValue(name: "score", value: score)])
      .specialized(to: ["x": TensorType(.float64, [images, 2, 2, 2])])
  }

  func explainer(_ score: Value, images: Int = 1, index: Int = 0) throws -> Explainer {
    try Explainer(try graph(score, images: images), target: Target(output: "score", index: index), layerName: "features")
  }
}

extension Explainer {
  func evidence(for tensor: Tensor) throws -> Evidence { try evidence(for: tensor, in: workspace(threads: 1)) }

  /// The map of the first image.
  func map(_ method: any AttributionMethod.Type, for tensor: Tensor = SmallNetwork.image) throws -> AttributionMap {
    try maps(method, from: try evidence(for: tensor))[0]
  }
}
