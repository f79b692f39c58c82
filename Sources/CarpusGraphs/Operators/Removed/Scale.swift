import CarpusTensors

/// `Y = scale · X`. One of ONNX's experimental operators, removed in version 1.5 of the standard.
///
/// - Operands: `X`, floating-point, any shape.
public struct Scale: StandIn {
  public static let signature = OperatorSignature("Scale", operands: 1...1, gradient: .defined)
  private let scale: Float

  public init(_ node: inout NodeReader) throws(OperatorError) { scale = try node.float("scale") ?? 1 }

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try Elementwise.resultTypes(for: operands) }

  public func composed(
    _ operands: [Value?], _ infos: [OperandInfo], results: Int, in graph: inout GraphBuilder
  ) throws(OperatorError) -> [Value]? {
    guard let x = operands[0] else { return nil }
    return [try graph.scaled(x, by: Double(scale))]
  }
}
