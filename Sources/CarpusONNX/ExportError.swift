public import CarpusGraphs

/// Why a graph cannot be written as an ONNX file.
public enum ExportError: Error, Sendable, CustomStringConvertible {
  /// There is no such node in ONNX, or none here that writes it.
  case node(name: String, operatorName: String, reason: String)
  case graph(GraphError)
  /// The graph needs what one file cannot say.
  case unsupported(String)

  public var description: String {
    switch self {
    case .node(let name, let operatorName, let reason):
      "node \(name.isEmpty ? "without a name" : quoted(name)) (\(operatorName)) cannot be written as ONNX: \(reason)"
    case .graph(let error): error.description
    case .unsupported(let sentence): sentence
    }
  }
}
