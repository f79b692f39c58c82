import CarpusTensors
import Glibc

/// `Y = X` where X ≥ 0, `alpha · (exp X - 1)` elsewhere.
///
/// - Operands: `X`, floating-point, any shape.
public struct Elu: RealMap {
  public static let signature = OperatorSignature("Elu", operands: 1...1, gradient: .defined)
  /// ∂X = ∂Y where X > 0, else alpha exp X ∂Y; also at X = 0, as in PyTorch.
  let function: RealFunction

  public init(_ node: inout NodeReader) throws(OperatorError) {
    let alpha = Double(try node.float("alpha") ?? 1)
    node.ignore("consumed_inputs")
    function = RealFunction { $0 < 0 ? alpha * expm1($0) : $0 } derivative: { $0 <= 0 ? alpha * exp($0) : 1 }
  }
}
