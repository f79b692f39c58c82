public import CarpusGraphs
public import CarpusONNX
public import CarpusTensors

/// A network from an ONNX file.
public struct Model: Sendable {
  /// Name of the file without its folder.
  public let name: String
  public let path: String
  public let graph: Graph
  public let survey: ModelSurvey
  /// What the file says beside its graph.
  let envelope: ModelEnvelope

  /// Reads and imports a file.
  ///
  /// - Parameter composes: whether nodes that stand for others, such as loops of known length, are replaced by them; `false` keeps them as
  ///   they are, to be written again.
  /// - Throws: `CarpusError`: 66 when there is no such file, 65 when it is damaged, 69 when it needs operators that are missing.
  public init(path: String, composes: Bool = true) throws(CarpusError) {
    do { try self.init(ONNXDocument(path: path), path: path, composes: composes) } catch { throw CarpusError(error, file: lastComponent(path)) }
  }

  /// The network of a file that has been read.
  init(_ document: ONNXDocument, path: String, composes: Bool = true) throws(ImportError) {
    name = lastComponent(path)
    self.path = path
    survey = document.survey
    envelope = document.envelope
    graph = try document.graph(composes: composes)
  }

  /// The graph for inputs of these shapes.
  ///
  /// - Parameter shapes: by input name. An input that is not named keeps its shape, with a free batch set to 1.
  /// - Throws: `CarpusError` 64 for a name that is no input, 65 for a shape that does not fit.
  public func specialized(to shapes: [String: Shape] = [:]) throws(CarpusError) -> Graph {
    let names = graph.inputs.map(\.name)
    for name in shapes.keys.sorted() where !names.contains(name) {
      throw CarpusError(.usage, "\(self.name) has no input '\(name)'; it has \(Self.list(names))")
    }
    var types: [String: TensorType] = [:]
    for input in graph.inputs {
      guard case .tensor(let type) = graph.type(of: input.value) else { continue }
      if let shape = shapes[input.name] {
        types[input.name] = TensorType(type.elementType, shape)
      } else if let extents = type.shape.extents, extents.first == .some(nil), extents.dropFirst().allSatisfy({ $0 != nil }) {
        types[input.name] = TensorType(type.elementType, PartialShape([1] + extents.dropFirst()))
      }
    }
    do { return try graph.specialized(to: types) } catch { throw CarpusError(error).about(name) }
  }

  /// The graph for these inputs.
  ///
  /// - Throws: `CarpusError` 65 when an input is missing, or its element type or shape is not what the network takes.
  public func specialized(to inputs: [String: Tensor]) throws(CarpusError) -> Graph {
    for input in graph.inputs where graph.type(of: input.value).tensor == nil {
      throw CarpusError(
        .unavailable, "input '\(input.name)' of \(name) is a \(graph.type(of: input.value)); a file holds one tensor, and only such inputs can be given")
    }
    for input in graph.inputs where inputs[input.name] == nil {
      throw CarpusError(.usage, "\(name) needs input '\(input.name)' (\(graph.type(of: input.value))); give it as \(input.name)=FILE.npy")
    }
    for input in graph.inputs {
      guard let tensor = inputs[input.name], case .tensor(let type) = graph.type(of: input.value) else { continue }
      guard type.elementType == tensor.elementType, type.shape.admits(tensor.shape) else {
        throw CarpusError(.badData, "input '\(input.name)' of \(name) takes \(type); it was given \(tensor.elementType) \(tensor.shape)")
      }
    }
    return try specialized(to: inputs.mapValues(\.shape))
  }

  static func list(_ names: [String]) -> String { names.map { "'\($0)'" }.joined(separator: ", ") }
}

extension CarpusError {
  /// The same error, with the name of what it is about in front.
  func about(_ name: String) -> CarpusError { CarpusError(code, "\(name): \(message)") }
}
