import CarpusGraphs
import CarpusTensors

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
  public let nodeCount: Int
  /// Elements of all initializers.
  public let parameterCount: Int
  public let operators: [OperatorUse]
  public let missingOperators: [OperatorUse]
  /// What a user should know although it prevents nothing.
  public let warnings: [String]

  init(_ model: ONNXModel) {
    irVersion = model.irVersion
    opset = model.opset(of: "")
    opsets = model.opsetImports.sorted { $0.key < $1.key }.map { ($0.key.isEmpty ? "ai.onnx" : $0.key, $0.value) }
    producer = [model.producerName, model.producerVersion].filter { !$0.isEmpty }.joined(separator: " ")
    nodeCount = model.graph.nodes.count
    parameterCount = model.graph.initializers.values.reduce(0) { $0 + $1.shape.count }
    var counts: [OperatorUse: Int] = [:]
    for node in model.graph.nodes {
      counts[OperatorUse(name: node.operatorType, domain: node.domain, opset: model.opset(of: node.domain), count: 0), default: 0] += 1
    }
    operators = counts.map { OperatorUse(name: $0.name, domain: $0.domain, opset: $0.opset, count: $1) }
      .sorted { ($0.domain, $0.name) < ($1.domain, $1.name) }
    missingOperators = operators.filter { OperatorCatalog.type(domain: $0.domain, name: $0.name, opset: $0.opset) == nil }
    var warnings: [String] = []
    if model.opsetImports.isEmpty { warnings.append("the file imports no operator set; version 1 is assumed") }
    if opset > ONNXDocument.newestOpset {
      warnings.append("the file is written for ai.onnx \(opset); operators are given the meaning of version \(ONNXDocument.newestOpset)")
    }
    self.warnings = warnings
  }
}

extension ONNXModel {
  /// Version of a domain's operator set; 1 where the file imports none.
  func opset(of domain: String) -> Int { opsetImports[domain] ?? 1 }
}
