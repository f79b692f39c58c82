import CarpusTensors

/// `Y = alpha · X + beta`. One of ONNX's experimental operators, removed in version 1.5 of the standard.
///
/// - Operands: `X`, floating-point, any shape.
public struct Affine: StandIn {
  public static let signature = OperatorSignature("Affine", operands: 1...1, gradient: .defined)
  private let alpha, beta: Float

  public init(_ node: inout NodeReader) throws(OperatorError) {
    alpha = try node.float("alpha") ?? 1
    beta = try node.float("beta") ?? 0
  }

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try Elementwise.resultTypes(for: operands) }

  public func composed(
    _ operands: [Value?], _ infos: [OperandInfo], results: Int, in graph: inout GraphBuilder
  ) throws(OperatorError) -> [Value]? {
    guard let x = operands[0] else { return nil }
    return [try graph.shifted(graph.scaled(x, by: Double(alpha)), by: Double(beta))]
  }
}
