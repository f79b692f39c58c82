public import CarpusGraphs
import CarpusImaging
import CarpusONNX
public import CarpusTensors

/// What is to be written as an ONNX file.
public struct ExportRequest: Sendable {
  /// Shapes of inputs, by name. Inputs that are not named keep theirs; where there are gradients, a free batch becomes 1.
  public var shapes: [String: Shape] = [:]
  /// Names of any tensors of the file; the graph's outputs if empty.
  public var outputs: [String] = []
  /// Whether batch normalisations become part of the convolutions before them.
  public var folds = false
  /// What is differentiated; its gradients become outputs, `gradient.TENSOR` for each of `sources`.
  public var target: TargetName?
  public var sources: [String] = []
  /// Whether the weights go to a file beside the model. Those of more than 1 GiB do in any case.
  public var isExternal = false

  public init() {}
}

/// What a file was written from.
public struct ExportSummary: Sendable {
  public let inputs: [(name: String, type: ValueType)]
  public let outputs: [(name: String, type: ValueType)]
  public let nodeCount: Int
  /// The name of the file with the weights, if they do not lie in the model.
  public let dataFile: String?
}

extension Model {
  /// Writes the network, or what is asked for of it, as an ONNX file.
  ///
  /// - Throws: `CarpusError`: 64 for names that do not exist, 69 where something has no gradient or no form in ONNX, 73 or 74 when the file
  ///   cannot be written.
  public func export(_ request: ExportRequest, to path: String) throws(CarpusError) -> ExportSummary {
    let graph = try exported(request), file = lastComponent(path), dataFile = file + ".data"
    let writing: ONNXWriting
    do {
      writing = try ONNXWriting(
        graph, envelope: envelope, producerVersion: Version.number, externalFile: dataFile, movesWeights: request.isExternal)
    } catch { throw CarpusError(.unavailable, "\(name): \(error)") }
    // The weights first: a model is never there without them.
    do throws(FileWritingError) {
      if !writing.external.isEmpty {
        try AtomicWriting.write(to: path + ".data") { (sink) throws(FileWritingError) in
          for (offset, tensor) in writing.external {
            try sink.write([UInt8](repeating: 0, count: offset - sink.byteCount))
            try sink.write(tensor.bytes)
          }
        }
      }
      try AtomicWriting.write(to: path) { (sink) throws(FileWritingError) in
        for piece in writing.model.pieces {
          switch piece {
          case .bytes(let bytes): try sink.write(bytes)
          case .elements(let tensor): try sink.write(tensor.bytes)
          }
        }
      }
    } catch { throw CarpusError(error, file: file) }
    func named(_ values: [NamedValue]) -> [(name: String, type: ValueType)] { values.map { ($0.name, graph.type(of: $0.value)) } }
    return ExportSummary(
      inputs: named(graph.inputs), outputs: named(graph.outputs), nodeCount: graph.nodes.count, dataFile: writing.external.isEmpty ? nil : dataFile)
  }

  /// The graph that is asked for.
  func exported(_ request: ExportRequest) throws(CarpusError) -> Graph {
    let needsShapes = request.target != nil || !request.shapes.isEmpty
    var graph = needsShapes ? try specialized(to: request.shapes) : self.graph
    let outputs = request.outputs.isEmpty ? graph.outputs.map(\.name) : request.outputs
    do {
      // What gradients are taken of and with respect to must not be folded away.
      let kept = request.target.map { [$0.output] + request.sources } ?? []
      if !(kept + request.outputs).isEmpty { graph = try graph.extracting(try graph.values(named: outputs + kept)) }
      if request.folds { graph = try FoldBatchNormalization.rewritten(graph) }
      guard let target = request.target else { return graph }
      let (differentiated, gradients) = try graph.differentiating(target, withRespectTo: request.sources)
      let named = zip(request.sources, gradients).map { NamedValue(name: "gradient.\($0)", value: $1) }
      return try differentiated.extracting(try differentiated.values(named: outputs) + named)
    } catch { throw CarpusError(error).about(name) }
  }
}

extension Graph {
  func values(named names: [String]) throws(GraphError) -> [NamedValue] {
    var values: [NamedValue] = []
    for name in names { values.append(NamedValue(name: name, value: try value(named: name))) }
    return values
  }

  /// The graph with the gradients of `Σ over the batch of output[…, index]` with respect to tensors.
  ///
  /// - Throws: `GraphError`, also when the index is missing where there are several.
  func differentiating(_ target: TargetName, withRespectTo sources: [String]) throws(GraphError) -> (graph: Graph, gradients: [Value]) {
    let output = try value(named: target.output)
    if target.index == nil, let last = type(of: output).staticShape?.extents.last, last != 1 {
      throw .notConnected(
        "'\(target.output)' has \(last) elements along its last axis: say which one as \(target.output):INDEX, 0…\(last - 1)")
    }
    let seed = try seed(of: output, index: target.index ?? 0)
    return try differentiating(output, seed: seed, withRespectTo: try values(named: sources).map(\.value))
  }
}
