/// Why a graph cannot be built, changed or run.
public enum GraphError: Error, Sendable, CustomStringConvertible {
  /// An operator refused a node.
  case node(name: String, operatorName: String, operands: [String], cause: OperatorError)
  case unknownValue(String, similar: [String])
  /// An input has no tensor, or one of the wrong type.
  case input(name: String, wanted: String, given: String)
  /// Something needs all shapes and they depend on data.
  case shapesUnknown(String)
  case notConnected(String)
  case tooLarge(String)

  public var description: String {
    switch self {
    case .node(let name, let operatorName, let operands, let cause):
      "node \(name.isEmpty ? "without a name" : "'\(name)'") "
        + "(\(operatorName) of \(operands.isEmpty ? "nothing" : operands.joined(separator: ", "))): \(cause)"
    case .unknownValue(let name, let similar):
      "the model has no tensor '\(name)'"
        + (similar.isEmpty ? "" : "; the nearest names are " + similar.map { "'\($0)'" }.joined(separator: ", "))
    case .input(let name, let wanted, let given): "input '\(name)' takes \(wanted), and was given \(given)"
    case .shapesUnknown(let sentence), .notConnected(let sentence), .tooLarge(let sentence): sentence
    }
  }

  /// The operator's own refusal, if it is one.
  public var operatorError: OperatorError? {
    if case .node(_, _, _, let cause) = self { cause } else { nil }
  }
}
