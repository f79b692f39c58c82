/// How a file names a node: what it takes to write the node again.
public struct NodeSource: Sendable {
  /// The operator's name, with its domain (empty for ai.onnx) and the version of the domain's operator set that the file imports.
  public let operatorName: String
  public let domain: String
  public let opset: Int
  public let attributes: [String: AttributeValue]
  /// Operand places in the file; the values that graphs in attributes take from outside follow behind them.
  public let operandCount: Int
  /// Result places in the file, also those at the end that are left out.
  public let resultCount: Int
  /// The node's own name; empty where it has none.
  public let name: String
  /// Notes of the exporter.
  public let metadata: [String: String]

  public init(
    operatorName: String, domain: String = "", opset: Int, attributes: [String: AttributeValue] = [:], operandCount: Int, resultCount: Int = 1,
    name: String = "", metadata: [String: String] = [:]
  ) {
    self.operatorName = operatorName
    self.domain = domain
    self.opset = opset
    self.attributes = attributes
    self.operandCount = operandCount
    self.resultCount = resultCount
    self.name = name
    self.metadata = metadata
  }
}
