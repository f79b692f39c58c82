import CarpusGraphs
public import CarpusTensors

/// How often a model uses an operator.
public struct OperatorUse: Hashable, Sendable, CustomStringConvertible {
  public let name: String
  /// Empty for ai.onnx.
  public let domain: String
  /// Version of the domain's operator set that the model imports.
  public let opset: Int
  public let count: Int

  /// `GridSample (ai.onnx 17), 3 times`.
  public var description: String {
    "\(name) (\(domain.isEmpty ? "ai.onnx" : domain) \(opset))" + (count == 1 ? "" : ", \(count) times")
  }
}

/// What an ONNX file says about itself.
public struct ModelSurvey: Sendable {
  public let irVersion: Int
  /// Version of the ai.onnx operator set.
  public let opset: Int
  public let opsets: [(domain: String, version: Int)]
  public let producer: String
  /// Nodes of the graph, of those inside its nodes, and of each function that is called.
  public let nodeCount: Int
  /// The numbers that the file brings, by element type, most bytes first: what `ONNXModel.weights` lists.
  public let parameters: [(elementType: ElementType, count: Int)]
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.count } }
  public var parameterByteCount: Int { parameters.reduce(0) { $0 + $1.count * $1.elementType.byteCount } }
  public let operators: [OperatorUse]
  public let missingOperators: [OperatorUse]
  /// What a user should know although it prevents nothing.
  public let warnings: [String]
  /// What else is worth knowing before the network is used.
  public let remarks: [String]
  /// What the file says of itself: model version, domain, and the entries of its writer.
  public let metadata: [(key: String, value: String)]

  init(_ model: ONNXModel) {
    irVersion = model.irVersion
    opset = model.opset(of: "")
    opsets = model.opsetImports.sorted { $0.key < $1.key }.map { ($0.key.isEmpty ? "ai.onnx" : $0.key, $0.value) }
    producer = [model.producerName, model.producerVersion].filter { !$0.isEmpty }.joined(separator: " ")
    var parameters: [ElementType: Int] = [:]
    for weight in model.weights { parameters[weight.elementType, default: 0] += weight.shape.count }
    self.parameters = parameters.map { (elementType: $0, count: $1) }
      .sorted { ($1.count * $1.elementType.byteCount, $0.elementType.rawValue) < ($0.count * $0.elementType.byteCount, $1.elementType.rawValue) }
    var counts: [OperatorUse: Int] = [:]
    var count = 0
    model.forEachNode { node, opsets in
      count += 1
      counts[OperatorUse(name: node.operatorType, domain: node.domain, opset: opsets[node.domain] ?? 1, count: 0), default: 0] += 1
    }
    nodeCount = count
    operators = counts.map { OperatorUse(name: $0.name, domain: $0.domain, opset: $0.opset, count: $1) }
      .sorted { ($0.domain, $0.name) < ($1.domain, $1.name) }
    missingOperators = operators.filter { OperatorCatalog.type(domain: $0.domain, name: $0.name, opset: $0.opset) == nil }
    var warnings: [String] = []
    if model.opsetImports.isEmpty {
      let reason = model.irVersion < 3 ? " (there was one only before IR 3)" : ""
      warnings.append("the file imports no operator set; version 1 is assumed\(reason)")
    }
    if opset > ONNXDocument.newestOpset {
      warnings.append("the file is written for ai.onnx \(opset); operators are given the meaning of version \(ONNXDocument.newestOpset)")
    }
    self.warnings = warnings
    remarks = SurveyRemarks(model).sentences
    metadata = (model.modelVersion == 0 ? [] : [("model version", String(model.modelVersion))])
      + (model.domain.isEmpty ? [] : [("domain", model.domain)]) + model.metadata.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }
}

extension ONNXModel {
  /// Every node with an operator: those of graphs inside nodes too, and those of the functions that are called, once each.
  func forEachNode(_ visit: (ONNXNode, _ opsets: [String: Int]) -> Void) { walk(node: visit, graph: { _ in }) }

  /// Every graph: the outermost one and those inside nodes.
  func forEachGraph(_ visit: (ONNXGraph) -> Void) { walk(node: { _, _ in }, graph: visit) }

  private func walk(node visitNode: (ONNXNode, _ opsets: [String: Int]) -> Void, graph visitGraph: (ONNXGraph) -> Void) {
    let functions = FunctionTable(self)
    var called: Set<String> = []
    visitGraph(graph)
    var open = [(nodes: graph.nodes, opsets: opsetImports)]
    while let (nodes, opsets) = open.popLast() {
      for node in nodes {
        if let function = functions[node] {
          if called.insert("\(function.domain)\n\(function.name)\n\(function.overload)").inserted {
            open.append((function.nodes, function.opsetImports.isEmpty ? opsets : function.opsetImports))
          }
          continue
        }
        visitNode(node, opsets)
        for attribute in node.attributes.values {
          guard case .graph(let graph) = attribute else { continue }
          visitGraph(graph)
          open.append((graph.nodes, opsets))
        }
      }
    }
  }

  /// The numbers that the file brings: the initializers of every graph, and the tensors of more than one element in `Constant` nodes.
  /// Texts, truth values and 64-bit integers are none: those are shapes and indices.
  var weights: [Tensor] {
    var weights: [Tensor] = []
    forEachGraph { weights += $0.initializers.values }
    forEachNode { node, _ in
      guard node.operatorType == "Constant", node.domain.isEmpty else { return }
      for case .value(.tensor(let tensor)) in node.attributes.values where tensor.shape.count > 1 { weights.append(tensor) }
      for case .value(.floats(let numbers)) in node.attributes.values where numbers.count > 1 {
        weights.append(Tensor(numbers, shape: [numbers.count]))
      }
    }
    return weights.filter { $0.elementType != .string && $0.elementType != .bool && $0.elementType != .int64 }
  }

  /// Version of a domain's operator set; 1 where the file imports none.
  func opset(of domain: String) -> Int { opsetImports[domain] ?? 1 }
}
