public import CarpusGraphs

/// An ONNX file that has been read, external data included, and not yet been made a graph.
public struct ONNXDocument: Sendable {
  /// What the file says about itself, also if it cannot be imported.
  public let survey: ModelSurvey
  private let model: ONNXModel

  /// What it takes beside the graph to write the file again.
  public var envelope: ModelEnvelope { ModelEnvelope(model) }

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
  /// - Parameter composes: whether nodes that stand for others are replaced by them, as gradients need it; `false` keeps them to be written
  ///   again.
  /// - Throws: `ImportError`; operators that are missing are reported all at once.
  public func graph(composes: Bool = true) throws(ImportError) -> Graph {
    guard survey.missingOperators.isEmpty else { throw .missingOperators(survey.missingOperators) }
    var assembly = GraphAssembly(model)
    return try assembly.assembled(composes: composes)
  }

  /// The newest version of the ai.onnx operator set whose meaning is known here.
  public static let newestOpset = 28

  /// The newest version of a domain's operator set.
  static func newestOpset(of domain: String) -> Int { domain.isEmpty ? newestOpset : Int.max }
}
