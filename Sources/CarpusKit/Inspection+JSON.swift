import CarpusExplanation
import CarpusGraphs
import CarpusONNX
import CarpusReporting
import CarpusTensors

extension Inspection {
  /// - Parameter nodes: whether each node is listed.
  public func json(nodes: Bool = false) -> String {
    func uses(_ uses: [OperatorUse]) -> JSONText {
      .array(uses.map { .object([("name", .string($0.name)), ("domain", .string($0.domain)), ("opset", .integer($0.opset)), ("count", .integer($0.count))]) })
    }
    func values(_ values: [(name: String, type: String)]) -> JSONText {
      .array(values.map { .object([("name", .string($0.name)), ("type", .string($0.type))]) })
    }
    func texts(_ texts: [String]) -> JSONText { .array(texts.map { .string($0) }) }
    var fields: [(String, JSONText)] = [
      ("schema", .string("carpus-inspection/1")), ("model", .string(name)), ("irVersion", .integer(survey.irVersion)),
      ("opsets", .object(survey.opsets.map { ($0.domain, .integer($0.version)) })), ("producer", .string(survey.producer)),
      ("metadata", .object(survey.metadata.map { ($0.key, .string($0.value)) })),
      ("parameters", .integer(survey.parameterCount)), ("parameterBytes", .integer(survey.parameterByteCount)),
      ("parameterTypes", .object(survey.parameters.map { ($0.elementType.rawValue, .integer($0.count)) })),
      ("nodesInFile", .integer(survey.nodeCount)), ("operators", uses(survey.operators)), ("missingOperators", uses(missingOperators)),
      ("notes", texts(survey.remarks + (details?.remark.map { [$0] } ?? []))), ("warnings", texts(survey.warnings)),
    ]
    if let details {
      let size = details.size
      fields += [
        ("inputs", values(details.inputs)), ("outputs", values(details.outputs)), ("nodes", .integer(details.nodeCount)),
        ("multiplyAdds", size.map { .integer($0.multiplyAdds) } ?? .null), ("uncountedNodes", size.map { .integer($0.uncounted.count) } ?? .null),
        ("activationBytes", size.map { .integer($0.byteCount) } ?? .null), ("peakActivationBytes", size.map { .integer($0.peakByteCount) } ?? .null),
        ("modules", .array(details.modules.map(Self.json))), ("layers", .array(details.layers.map(Self.json))),
        ("explainedLayer", details.explained.map { .string(details.layers[$0].layer.name) } ?? .null),
      ]
      if nodes, let size { fields.append(("work", .array(zip(size.work, size.types).map(Self.json)))) }
    }
    return JSONText.object(fields).text
  }

  private static func json(_ module: ModuleSummary) -> JSONText {
    .object([
      ("name", .string(module.name)), ("class", .string(module.typeName)), ("nodes", .integer(module.nodeCount)),
      ("parameters", .integer(module.parameterCount)), ("multiplyAdds", .integer(module.multiplyAdds)),
    ])
  }

  private static func json(_ summary: LayerSummary) -> JSONText {
    let layer = summary.layer
    func pair(_ number: (ReceptiveField.Grid) -> Double) -> JSONText { summary.grids.map { .array($0.map { .number(number($0)) }) } ?? .null }
    return .object([
      ("name", .string(layer.name)), ("module", .string(summary.module)), ("channels", .integer(layer.channels)),
      ("height", .integer(layer.height)), ("width", .integer(layer.width)), ("complete", .bool(layer.isComplete)),
      ("stride", pair(\.stride)), ("receptiveField", pair(\.size)), ("firstCentre", pair(\.centre)), ("beyond", JSONText(summary.beyond)),
    ])
  }

  private static func json(_ work: NodeWork, _ type: String) -> JSONText {
    .object([
      ("name", .string(work.node.name)), ("operator", .string(work.node.operatorName)), ("module", .string(work.node.scope?.name ?? "")),
      ("results", .string(type)), ("multiplyAdds", work.multiplyAdds.map { .integer($0) } ?? .null),
      ("bytes", work.byteCount.map { .integer($0) } ?? .null),
    ])
  }
}
