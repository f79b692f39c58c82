/// Why an operator refuses a node. Each case carries a sentence; who knows the node adds its name.
public enum OperatorError: Error, Hashable, Sendable, CustomStringConvertible {
  /// An attribute is missing, has the wrong kind or a value that is not allowed, or is not one of this operator's.
  case attribute(String)
  /// Number, type or shape of the operands.
  case operands(String)
  /// Allowed by the standard, not built here.
  case unsupported(String)
  /// No gradient flows through this node.
  case notDifferentiable(String)
  /// A result would be larger than the limit.
  case tooLarge(String)

  public var description: String {
    switch self {
    case .attribute(let sentence), .operands(let sentence), .unsupported(let sentence), .notDifferentiable(let sentence),
      .tooLarge(let sentence):
      sentence
    }
  }
}
