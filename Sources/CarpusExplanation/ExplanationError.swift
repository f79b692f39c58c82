public import CarpusGraphs

/// Why a score cannot be explained.
public enum ExplanationError: Error, Sendable, CustomStringConvertible {
  case target(String)
  case layer(String)
  case method(String)
  case graph(GraphError)
  /// A number that is not finite, where one is needed.
  case notFinite(String)

  public var description: String {
    switch self {
    case .target(let sentence), .layer(let sentence), .method(let sentence), .notFinite(let sentence): sentence
    case .graph(let error): error.description
    }
  }
}
