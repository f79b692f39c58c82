import CarpusGraphs
import CarpusTensors

/// What a user should know of a file before he uses the network: nodes that train, inputs without a size, quantised operators,
/// weights of half precision, initializers that nobody reads.
struct SurveyRemarks {
  private let model: ONNXModel

  init(_ model: ONNXModel) { self.model = model }

  var sentences: [String] {
    [training, openShapes, quantized, halves, unused].compactMap(\.self)
  }

  /// Batch normalisation and dropout that behave as in training.
  private var training: String? {
    var names: [String] = []
    model.forEachNode { node, _ in if trains(node) { names.append(node.label) } }
    return names.isEmpty
      ? nil : "\(count(names, "node")) in training mode (\(list(names))): the outputs depend on the batch or on chance"
  }

  private func trains(_ node: ONNXNode) -> Bool {
    if case .value(.int(let flag))? = node.attributes["training_mode"], flag != 0 { return true }
    if case .value(.int(let flag))? = node.attributes["is_test"], flag == 0 { return model.opset(of: "") < 7 && node.operatorType == "Dropout" }
    guard node.operatorType == "Dropout", node.inputs.count > 2, let flag = model.graph.initializers[node.inputs[2]] else { return false }
    return flag.integers?.first ?? 0 != 0
  }

  private var openShapes: String? {
    let names = model.inputsToFeed.filter { input in
      guard case .tensor(_, let dimensions)? = input.type else { return false }
      return dimensions?.contains { if case .known(let extent) = $0, extent >= 0 { false } else { true } } ?? true
    }
    guard !names.isEmpty else { return nil }
    let words = names.map { "\(quoted($0.name)) [\($0.type.map(Self.words) ?? "")]" }
    return "the shape of \(words.joined(separator: ", ")) is open"
  }

  private static func words(_ type: ONNXType) -> String {
    guard case .tensor(_, let dimensions?) = type else { return "any rank" }
    let words = dimensions.map { dimension in
      switch dimension {
      case .known(let extent): extent >= 0 ? String(extent) : "?"
      case .symbol(let name): name
      case .unknown: "?"
      }
    }
    return words.joined(separator: ", ")
  }

  private var quantized: String? {
    var counts: [String: Int] = [:]
    model.forEachNode { node, _ in
      let name = node.operatorType
      let isQuantized = name.hasPrefix("QLinear") || name.hasSuffix("Integer") || name.lowercased().contains("quantizelinear")
      if isQuantized { counts[name, default: 0] += 1 }
    }
    guard !counts.isEmpty else { return nil }
    return "the network is quantised: " + counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
  }

  private var halves: String? {
    let halves = model.weights.filter { $0.elementType.isHalf }
    guard !halves.isEmpty else { return nil }
    let types = Set(halves.map(\.elementType.rawValue)).sorted().joined(separator: " and ")
    return "\(halves.reduce(0) { $0 + $1.shape.count }) weights are of half precision (\(types)); computation is in float32"
  }

  private var unused: String? {
    var read = Set(model.graph.outputs.map(\.name))
    model.forEachNode { node, _ in read.formUnion(node.inputs) }
    model.forEachGraph { graph in read.formUnion(graph.outputs.map(\.name)) }
    for node in model.graph.nodes { read.formUnion(node.inputs) }
    let names = model.graph.initializerOrder.filter { !read.contains($0) }
    return names.isEmpty ? nil : "\(count(names, "initializer")) that nobody reads (\(list(names)))"
  }

  private func count(_ names: [String], _ what: String) -> String { "\(names.count) \(what)\(names.count == 1 ? "" : "s")" }

  private func list(_ names: [String]) -> String {
    names.prefix(3).map(quoted).joined(separator: ", ") + (names.count > 3 ? ", …" : "")
  }
}
