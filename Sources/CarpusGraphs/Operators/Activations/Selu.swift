import CarpusTensors
import Glibc

/// `Y = gamma · X` where X > 0, `gamma · alpha · (exp X - 1)` elsewhere.
///
/// - Operands: `X`, floating-point, any shape.
public struct Selu: RealMap {
  public static let signature = OperatorSignature("Selu", operands: 1...1, gradient: .defined)
  /// ∂X = gamma ∂Y where X > 0, else gamma alpha exp X ∂Y; also at X = 0, as in PyTorch.
  let function: RealFunction

  public init(_ node: inout NodeReader) throws(OperatorError) {
    // Version 1 rounds the default values.
    let alpha = Double(try node.float("alpha") ?? (node.opset < 6 ? 1.6732 : 1.67326319217681884765625))
    let gamma = Double(try node.float("gamma") ?? (node.opset < 6 ? 1.0507 : 1.05070102214813232421875))
    node.ignore("consumed_inputs")
    function = RealFunction { gamma * ($0 < 0 ? alpha * expm1($0) : $0) } derivative: { gamma * ($0 <= 0 ? alpha * exp($0) : 1) }
  }
}
