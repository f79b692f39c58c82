/// What is known of an operator before any node of it exists.
public struct OperatorSignature: Hashable, Sendable {
  /// How an operator treats the elements of its operands.
  public enum Numerics: Hashable, Sendable {
    /// Calculates: float16 and bfloat16 operands reach it as float32, and its results are rounded back. Text, complex numbers
    /// and the compact types never reach it.
    case computes
    /// Copies elements or looks at their type only: every element type reaches it as it is. Text reaches it as the numbers of
    /// the texts in a table, `int64`, the empty text being 0.
    case moves
    /// Reads the elements of every type as they are.
    case exact
  }

  /// What `pullback` does.
  public enum Gradient: String, Hashable, Sendable {
    /// Emits the vector-Jacobian product.
    case defined
    /// The result does not depend on its operands in a differentiable way; no gradient flows back.
    case stops
    /// There is a gradient, and no rule for it here.
    case undefined
  }

  /// As in ONNX.
  public let name: String
  /// Empty for ai.onnx. `adjoint` and `carpus` are ours and cannot be imported.
  public let domain: String
  /// The first version of the domain's operator set that this type implements.
  public let since: Int
  public let operands: ClosedRange<Int>
  public let results: ClosedRange<Int>
  public let numerics: Numerics
  public let gradient: Gradient

  public init(
    _ name: String, domain: String = "", since: Int = 1, operands: ClosedRange<Int>, results: ClosedRange<Int> = 1...1,
    numerics: Numerics = .computes, gradient: Gradient
  ) {
    self.name = name
    self.domain = domain
    self.since = since
    self.operands = operands
    self.results = results
    self.numerics = numerics
    self.gradient = gradient
  }

  /// As many operands as a file can name.
  public static let any = Int.max
}
