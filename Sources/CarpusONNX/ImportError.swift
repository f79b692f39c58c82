public import CarpusGraphs

/// Why a model cannot be imported.
public enum ImportError: Error, Sendable, CustomStringConvertible {
  case file(ONNXFileError)
  case missingOperators([OperatorUse])
  case graph(GraphError)
  /// The graph contradicts itself.
  case malformed(String)

  public var description: String {
    switch self {
    case .file(let error): error.description
    case .graph(let error): error.description
    case .malformed(let sentence): sentence
    case .missingOperators(let uses):
      "the model uses \(uses.count == 1 ? "an operator that is" : "\(uses.count) operators that are") not available here: "
        + uses.map(\.description).joined(separator: ", ")
    }
  }
}
