import CarpusExplanation
import CarpusGraphs
import CarpusONNX
import CarpusReporting
import CarpusTensors

extension Inspection {
  /// - Parameter nodes: whether each node is listed.
  public func lines(nodes: Bool = false) -> [String] {
    var rows = [["model", name], ["format", (["IR \(survey.irVersion)"] + survey.opsets.map { "\($0.domain) \($0.version)" }).joined(separator: ", ")]]
    if !survey.producer.isEmpty { rows.append(["producer", survey.producer]) }
    rows.append(["parameters", parameterText])
    rows.append(["nodes", "\(survey.nodeCount) in the file" + (details.map { ", \($0.nodeCount) after folding" } ?? "")])
    if let size = details?.size {
      rows.append(["multiply-adds", "\(size.multiplyAdds) (\(Self.short(size.multiplyAdds)))" + Self.uncountedText(size)])
      rows.append(["activations", "\(Self.megabytes(size.byteCount)) MB in total, at most \(Self.megabytes(size.peakByteCount)) MB at a time"])
    }
    rows += (details?.inputs ?? []).map { ["input", "\($0.name): \($0.type)"] }
    rows += (details?.outputs ?? []).map { ["output", "\($0.name): \($0.type)"] }
    rows.append(["operators", survey.operators.map { "\($0.domain.isEmpty ? "" : $0.domain + ".")\($0.name) \($0.count)" }.joined(separator: ", ")])
    if !missingOperators.isEmpty { rows.append(["missing", missingOperators.map(\.description).joined(separator: "; ")]) }
    rows += survey.metadata.map { ["metadata", "\($0.key): \($0.value.count > 100 ? $0.value.prefix(100) + "…" : $0.value[...])"] }
    if let remark = details?.remark { rows.append(["note", remark]) }
    rows += survey.remarks.map { ["note", $0] } + survey.warnings.map { ["warning", $0] }
    var lines = AlignedTable.lines(rows)
    if let details {
      lines += Self.moduleLines(details.modules) + Self.layerLines(details)
      if nodes, let size = details.size { lines += Self.nodeLines(size) }
    }
    return lines
  }

  private var parameterText: String {
    let types = survey.parameters.map { survey.parameters.count == 1 ? "\($0.elementType)" : "\($0.count) \($0.elementType)" }
    return "\(survey.parameterCount)" + (types.isEmpty ? "" : " (\(types.joined(separator: ", ")); \(Self.megabytes(survey.parameterByteCount)) MB)")
  }

  private static func uncountedText(_ size: NetworkSize) -> String {
    let names = Set(size.uncounted.map(\.node.operatorName)).sorted().joined(separator: ", ")
    return size.uncounted.isEmpty ? "" : ", without \(size.uncounted.count == 1 ? "a node" : "\(size.uncounted.count) nodes") where they cannot be counted beforehand (\(names))"
  }

  private static func moduleLines(_ modules: [ModuleSummary]) -> [String] {
    guard !modules.isEmpty else { return [] }
    let rows = modules.map { module in
      ["  " + (module.name.isEmpty ? "(no module)" : module.name), module.typeName, "\(module.nodeCount)", "\(module.parameterCount)", short(module.multiplyAdds)]
    }
    return ["modules:"] + AlignedTable.lines([["  name", "class", "nodes", "parameters", "multiply-adds"]] + rows)
  }

  private static func layerLines(_ details: Details) -> [String] {
    guard !details.layers.isEmpty else { return [] }
    let shown = details.layers.enumerated().reversed().prefix(12)
    let rows = shown.map { index, summary in
      let layer = summary.layer, grids = summary.grids
      func pair(_ number: (ReceptiveField.Grid) -> Double) -> String {
        guard let grids else { return "" }
        let numbers = grids.map { NumberText.significant(number($0), digits: 6) }
        return numbers[0] == numbers[1] ? numbers[0] : numbers.joined(separator: "×")
      }
      let remarks = [
        index == details.explained ? "← chosen by auto" : nil, layer.isComplete ? nil : "bypassed by a part of the network", summary.beyond,
      ]
      return [
        "  \(layer.channels)×\(layer.height)×\(layer.width)", pair(\.stride), pair(\.size), pair(\.centre), layer.name, summary.module,
        remarks.compactMap(\.self).joined(separator: "; "),
      ]
    }
    let more = details.layers.count > 12 ? ["  and \(details.layers.count - 12) more; --json lists all"] : []
    return ["layers to explain the first output at (stride, receptive field and the first cell's centre in pixels of the input), last first:"]
      + AlignedTable.lines([["  channels × height × width", "stride", "field", "centre", "name", "module", ""]] + rows) + more
  }

  private static func nodeLines(_ size: NetworkSize) -> [String] {
    let rows = zip(size.work, size.types).map { work, type in
      [
        "  " + work.node.operatorName, work.node.name, work.node.scope?.name ?? "", type, work.multiplyAdds.map(String.init) ?? "?",
        work.byteCount.map(String.init) ?? "?",
      ]
    }
    return ["nodes after folding:"] + AlignedTable.lines([["  operator", "name", "module", "results", "multiply-adds", "bytes"]] + rows)
  }

  /// `4.09 G`.
  static func short(_ count: Int) -> String {
    for (unit, size) in [("T", 1e12), ("G", 1e9), ("M", 1e6), ("k", 1e3)] where Double(count) >= size {
      return NumberText.significant(Double(count) / size, digits: 4) + " " + unit
    }
    return String(count)
  }

  private static func megabytes(_ bytes: Int) -> String { "\((bytes + 50_000) / 1_000_000).\((bytes + 50_000) % 1_000_000 / 100_000)" }
}
