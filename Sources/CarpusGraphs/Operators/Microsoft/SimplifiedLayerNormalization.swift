import CarpusTensors

/// `Y = X / √(mean X² + epsilon) · scale`, the mean over the axes from `axis` on. onnxruntime writes it into the standard's domain.
///
/// - Operands: `X`, floating-point; `scale`, broadcast to these axes.
/// - Results: `Y` of the type of the scale; optionally `1 / √(mean X² + epsilon)` in float32 or float64.
struct SimplifiedLayerNormalization: Fused {
  static let signature = OperatorSignature(
    "SimplifiedLayerNormalization", operands: 2...2, results: 1...2, numerics: .exact, gradient: .defined)
  private let axis: Int
  private let epsilon: Double

  init(_ node: inout NodeReader) throws(OperatorError) {
    axis = try node.int("axis") ?? -1
    epsilon = Double(try node.float("epsilon") ?? 1e-5)
    guard [nil, 1].contains(try node.int("stash_type")) else { throw .unsupported("attribute stash_type must be 1 (float32)") }
  }

  func made(of operands: [Value?], _ infos: [OperandInfo], in graph: inout GraphBuilder) throws(OperatorError) -> [Value]? {
    guard let x = operands[0], let scale = operands[1] else { throw .operands("X or the scale is missing") }
    return try graph.rootMeanSquareNormalized(x, scale: scale, axis: axis, epsilon: epsilon).map { [$0.y, $0.factor] }
  }
}
