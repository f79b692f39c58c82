public import CarpusONNX
public import CarpusTensors
import CarpusExplanation
import CarpusGraphs

/// What `carpus inspect` says of a model.
public struct Inspection: Sendable {
  let name: String
  let survey: ModelSurvey
  /// Absent when operators are missing.
  let details: Details?

  struct Details: Sendable {
    var inputs: [(name: String, type: String)]
    var outputs: [(name: String, type: String)]
    /// After folding.
    var nodeCount: Int
    var size: NetworkSize?
    var modules: [ModuleSummary] = []
    var layers: [LayerSummary] = []
    /// The place in `layers` of the one that is explained if none is named.
    var explained: Int?
    var remark: String?
  }

  public var missingOperators: [OperatorUse] { survey.missingOperators }

  /// - Parameter shapes: of inputs that the file leaves open; a free batch is taken as 1.
  /// - Throws: `CarpusError`. Missing operators are no error here: they are what one wants to know.
  public init(path: String, shapes: [String: Shape]) throws(CarpusError) {
    name = lastComponent(path)
    let model: Model
    do throws(ImportError) {
      let document = try ONNXDocument(path: path)
      survey = document.survey
      guard survey.missingOperators.isEmpty else {
        details = nil
        return
      }
      model = try Model(document, path: path)
    } catch { throw CarpusError(error, file: name) }
    func named(_ values: [NamedValue]) -> [(name: String, type: String)] {
      values.map { ($0.name, model.graph.type(of: $0.value).description) }
    }
    var details = Details(inputs: named(model.graph.inputs), outputs: named(model.graph.outputs), nodeCount: model.graph.nodes.count)
    let graph = try model.specialized(to: shapes)
    details.nodeCount = graph.nodes.count
    let open = graph.inputs.filter { graph.type(of: $0.value).tensor != nil && graph.type(of: $0.value).staticShape == nil }.map(\.name)
    if open.isEmpty {
      do { details.size = try NetworkSize(graph) } catch { throw CarpusError(error).about(name) }
      details.modules = ModuleSummary.all(of: graph)
      if let output = graph.outputs.first?.value {
        let layers = graph.layers(before: output)
        details.layers = LayerSummary.all(of: graph, layers)
        details.explained = (try? graph.automaticLayer(before: output)).flatMap { layers.firstIndex(of: $0) }
      }
    } else {
      details.remark = "the shape of \(Model.list(open)) is open: say it with --shape NAME=1x3x512x512 to see layers, work and memory"
    }
    self.details = details
  }
}

/// What a network costs for inputs of known shapes.
struct NetworkSize: Sendable {
  let work: [NodeWork]
  /// Bytes of the values that are alive together, at most.
  let peakByteCount: Int
  /// Products that are added up, in all nodes where they can be counted.
  var multiplyAdds: Int { Self.sum(work.map(\.multiplyAdds)) }
  var uncounted: [NodeWork] { work.filter { $0.multiplyAdds == nil } }
  /// Bytes of the results of all nodes.
  var byteCount: Int { Self.sum(work.map(\.byteCount)) }
  /// What each node makes, in words.
  let types: [String]

  init(_ graph: Graph) throws(GraphError) {
    work = graph.work
    types = work.map { $0.node.results.map { graph.type(of: $0).description }.joined(separator: ", ") }
    peakByteCount = try graph.activationByteCount()
  }

  /// Of the known ones; the largest number where the sum is larger.
  static func sum(_ counts: [Int?]) -> Int {
    counts.reduce(0) { sum, count in
      let (total, overflow) = sum.addingReportingOverflow(count ?? 0)
      return overflow ? .max : total
    }
  }
}
