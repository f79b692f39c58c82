public import CarpusONNX
public import CarpusTensors
import CarpusExplanation
import CarpusGraphs
import CarpusReporting

/// What `carpus inspect` says of a model.
public struct Inspection: Sendable {
  private let name: String
  private let survey: ModelSurvey
  /// Absent when operators are missing.
  private let details: Details?

  private struct Details: Sendable {
    var inputs: [(name: String, type: String)]
    var outputs: [(name: String, type: String)]
    var nodeCount: Int
    var workspaceByteCount: Int?
    var layers: [Layer]
    var explained: Layer?
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
    var details = Details(inputs: named(model.graph.inputs), outputs: named(model.graph.outputs), nodeCount: model.graph.nodes.count, layers: [])
    let graph = try model.specialized(to: shapes)
    details.nodeCount = graph.nodes.count
    let open = graph.inputs.filter { graph.type(of: $0.value).staticShape == nil }.map(\.name)
    if open.isEmpty {
      do { details.workspaceByteCount = try Plan(graph).workspaceByteCount } catch { throw CarpusError(error).about(name) }
      if let output = graph.outputs.first?.value {
        details.layers = graph.layers(before: output)
        details.explained = try? graph.automaticLayer(before: output)
      }
    } else {
      details.remark = "the shape of \(Model.list(open)) is open: say it with --shape NAME=1x3x512x512 to see layers and memory"
    }
    self.details = details
  }

  // MARK: Text

  public var lines: [String] {
    var lines = ["model       \(name)", "format      IR \(survey.irVersion), " + survey.opsets.map { "\($0.domain) \($0.version)" }.joined(separator: ", ")]
    if !survey.producer.isEmpty { lines.append("producer    \(survey.producer)") }
    lines.append("parameters  \(survey.parameterCount)")
    lines.append("nodes       \(survey.nodeCount) in the file" + (details.map { ", \($0.nodeCount) after folding" } ?? ""))
    if let details {
      if let bytes = details.workspaceByteCount { lines.append("memory      \(Self.megabytes(bytes)) MB of intermediate values for one image") }
      lines += details.inputs.map { "input       \($0.name): \($0.type)" }
      lines += details.outputs.map { "output      \($0.name): \($0.type)" }
    }
    lines.append("operators   " + survey.operators.map { "\($0.domain.isEmpty ? "" : $0.domain + ".")\($0.name) \($0.count)" }.joined(separator: ", "))
    if !missingOperators.isEmpty { lines.append("missing     " + missingOperators.map(\.description).joined(separator: "; ")) }
    if let details, !details.layers.isEmpty {
      lines.append("layers to explain the first output at (channels × height × width), last first:")
      lines += details.layers.reversed().prefix(12).map { layer in
        "  \(layer.channels)×\(layer.height)×\(layer.width)  \(layer.name)"
          + (layer == details.explained ? "  ← chosen by auto" : "") + (layer.isComplete ? "" : "  (bypassed by a part of the network)")
      }
      if details.layers.count > 12 { lines.append("  and \(details.layers.count - 12) more; --json lists all") }
    }
    if let remark = details?.remark { lines.append("note        \(remark)") }
    lines += survey.warnings.map { "warning     \($0)" }
    return lines
  }

  // MARK: JSON

  public var json: String {
    func uses(_ uses: [OperatorUse]) -> JSONText {
      .array(uses.map { .object([("name", .string($0.name)), ("domain", .string($0.domain)), ("opset", .integer($0.opset)), ("count", .integer($0.count))]) })
    }
    func values(_ values: [(name: String, type: String)]) -> JSONText {
      .array(values.map { .object([("name", .string($0.name)), ("type", .string($0.type))]) })
    }
    func layer(_ layer: Layer) -> JSONText {
      .object([
        ("name", .string(layer.name)), ("channels", .integer(layer.channels)), ("height", .integer(layer.height)),
        ("width", .integer(layer.width)), ("complete", .bool(layer.isComplete)),
      ])
    }
    var fields: [(String, JSONText)] = [
      ("schema", .string("carpus-inspection/1")), ("model", .string(name)), ("irVersion", .integer(survey.irVersion)),
      ("opsets", .object(survey.opsets.map { ($0.domain, .integer($0.version)) })), ("producer", .string(survey.producer)),
      ("parameters", .integer(survey.parameterCount)), ("nodesInFile", .integer(survey.nodeCount)),
      ("operators", uses(survey.operators)), ("missingOperators", uses(missingOperators)),
      ("warnings", .array(survey.warnings.map { .string($0) })),
    ]
    if let details {
      fields += [
        ("inputs", values(details.inputs)), ("outputs", values(details.outputs)), ("nodes", .integer(details.nodeCount)),
        ("workspaceBytes", details.workspaceByteCount.map { .integer($0) } ?? .null), ("layers", .array(details.layers.map(layer))),
        ("explainedLayer", details.explained.map { .string($0.name) } ?? .null),
      ]
    }
    return JSONText.object(fields).text
  }

  private static func megabytes(_ bytes: Int) -> String { "\((bytes + 50_000) / 1_000_000).\((bytes + 50_000) % 1_000_000 / 100_000)" }
}
