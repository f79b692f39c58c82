import CarpusTensors
import Glibc

/// `Y = max(X, 0) + min(alpha · (exp(X / alpha) - 1), 0)`
///
/// - Operands: `X`, floating-point, any shape.
/// - Throws: when `alpha` is 0.
public struct Celu: RealMap {
  public static let signature = OperatorSignature("Celu", since: 12, operands: 1...1, gradient: .defined)
  /// ∂X = ∂Y where X ≥ 0, else exp(X / alpha) ∂Y.
  let function: RealFunction

  public init(_ node: inout NodeReader) throws(OperatorError) {
    let alpha = Double(try node.float("alpha") ?? 1)
    guard alpha != 0 else { throw .attribute("attribute alpha must not be 0") }
    function = RealFunction { $0 < 0 ? alpha * expm1($0 / alpha) : $0 } derivative: { $0 < 0 ? exp($0 / alpha) : 1 }
  }
}
