import CarpusTensors

/// `Y = X` where X > `alpha`, 0 elsewhere.
///
/// - Operands: `X`, floating-point, any shape.
public struct ThresholdedRelu: RealMap {
  public static let signature = OperatorSignature("ThresholdedRelu", since: 10, operands: 1...1, gradient: .defined)
  /// ∂X = ∂Y where X > alpha, else 0; also at X = alpha, as in PyTorch.
  let function: RealFunction

  public init(_ node: inout NodeReader) throws(OperatorError) {
    let alpha = Double(try node.float("alpha") ?? 1)
    function = RealFunction { $0 > alpha ? $0 : 0 } derivative: { $0 > alpha ? 1 : 0 }
  }
}
