public import CarpusGraphs

/// An ONNX file that has been read, external data included, and not yet been made a graph.
public struct ONNXDocument: Sendable {
  /// What the file says about itself, also if it cannot be imported.
  public let survey: ModelSurvey
  private let model: ONNXModel

  /// - Parameter path: as the user typed it.
  /// - Throws: `ImportError.file`.
  public init(path: String) throws(ImportError) {
    do { self.init(try ONNXFile.read(at: path)) } catch { throw .file(error) }
  }

  package init(_ model: ONNXModel) {
    self.model = model
    survey = ModelSurvey(model)
  }

  /// Builds the graph: typed, constants folded, names kept.
  ///
  /// - Throws: `ImportError`; operators that are missing are reported all at once.
  public func graph() throws(ImportError) -> Graph {
    guard survey.missingOperators.isEmpty else { throw .missingOperators(survey.missingOperators) }
    return try GraphAssembly(model).assembled()
  }

  /// The newest version of the ai.onnx operator set whose meaning is known here.
  public static let newestOpset = 28
}
