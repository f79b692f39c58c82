import CarpusGraphs

/// What an ONNX file says beside its graph, so that the graph can be written again.
public struct ModelEnvelope: Sendable {
  let irVersion: Int
  let domain: String
  let modelVersion: Int
  let graphName: String
  let metadata: [String: String]
  /// Version of each operator set; `ai.onnx` is the empty domain.
  let opsetImports: [String: Int]
  /// The types that values are declared with, which name extents that are free.
  let types: [String: ONNXType]

  /// That of a graph that stems from no file.
  public init() {
    irVersion = 8
    domain = ""
    modelVersion = 0
    graphName = "graph"
    metadata = [:]
    opsetImports = [:]
    types = [:]
  }

  init(_ model: ONNXModel) {
    irVersion = model.irVersion
    domain = model.domain
    modelVersion = model.modelVersion
    graphName = model.graph.name
    metadata = model.metadata
    opsetImports = model.opsetImports
    let declared = model.graph.valueInfo + model.graph.inputs + model.graph.outputs
    types = Dictionary(declared.compactMap { info in info.type.map { (info.name, $0) } }) { _, last in last }
  }

  /// The version of ai.onnx that nodes are written for which no file named.
  func opset(for graph: Graph) -> Int {
    opsetImports[""] ?? graph.nodes.compactMap { $0.source.flatMap { $0.domain.isEmpty ? $0.opset : nil } }.max() ?? 18
  }
}
