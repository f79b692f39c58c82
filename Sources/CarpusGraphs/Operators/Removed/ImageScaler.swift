import CarpusTensors

/// `Y = scale · X + bias`, with a bias for each channel. One of ONNX's experimental operators, removed in version 1.5 of the standard; files
/// of old converters use it.
///
/// - Operands: `X`, floating-point `[N, C, H, W]`.
public struct ImageScaler: StandIn {
  public static let signature = OperatorSignature("ImageScaler", operands: 1...1, gradient: .defined)
  private let scale: Float
  private let bias: [Float]

  public init(_ node: inout NodeReader) throws(OperatorError) {
    scale = try node.float("scale") ?? 1
    bias = try node.floats("bias") ?? []
  }

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.floatingTensor(0)
    guard x.shape.rank ?? 4 == 4 else { throw .operands("an image has the shape [N, C, H, W], not \(x.shape)") }
    if let channels = x.shape[1], !bias.isEmpty, bias.count != channels {
      throw .operands("\(bias.count) biases do not fit \(channels) channels")
    }
    return [.tensor(x)]
  }

  public func composed(
    _ operands: [Value?], _ infos: [OperandInfo], results: Int, in graph: inout GraphBuilder
  ) throws(OperatorError) -> [Value]? {
    guard let x = operands[0], try infos.tensor(0).shape.rank != nil else { return nil }
    let scaled = try graph.product(x, graph.numbers([scale], [], like: x))
    return [bias.isEmpty ? scaled : try graph.sum(scaled, graph.numbers(bias, [bias.count, 1, 1], like: x))]
  }
}
