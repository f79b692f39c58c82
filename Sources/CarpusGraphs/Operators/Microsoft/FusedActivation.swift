import CarpusTensors

/// The function that a fused operator applies to its result: any standard operator on single elements.
struct FusedActivation: Sendable {
  private let op: (any Operator)?

  /// From the attributes `activation` and `activation_params`: the numbers of LeakyRelu (alpha), HardSigmoid (alpha, beta) or Clip (min, max).
  init(list node: inout NodeReader) throws(OperatorError) {
    let parameters = try node.floats("activation_params") ?? []
    guard let name = try node.string("activation"), !name.isEmpty else { op = nil; return }
    let names = switch name {
    case "LeakyRelu": ["alpha"]
    case "HardSigmoid": ["alpha", "beta"]
    case "Clip": ["min", "max"]
    default: [String]()
    }
    guard parameters.count <= names.count else { throw .attribute("\(name) takes \(names.count) activation_params, not \(parameters.count)") }
    let attributes = Dictionary(uniqueKeysWithValues: zip(names, parameters.map(AttributeValue.float)))
    // Up to version 10 the bounds of Clip are attributes.
    op = try OperatorCatalog.standard(name, opset: name == "Clip" ? 10 : 17, attributes)
  }

  /// From the attributes `activation`, `activation_alpha`, `activation_beta` and `activation_gamma`.
  init(named node: inout NodeReader) throws(OperatorError) {
    var attributes: [String: AttributeValue] = [:]
    for name in ["alpha", "beta", "gamma"] { attributes[name] = try node.float("activation_" + name).map(AttributeValue.float) }
    guard let name = try node.string("activation"), !name.isEmpty else { op = nil; return }
    op = try OperatorCatalog.standard(name, attributes)
  }

  func apply(to x: Value, in graph: inout GraphBuilder) throws(OperatorError) -> Value {
    guard let op else { return x }
    return try graph.add(op, x)
  }
}

extension OperatorCatalog {
  /// The operator that a name of the standard stands for, with one operand, as a file of a version of the standard would name it.
  fileprivate static func standard(
    _ name: String, opset: Int = 17, _ attributes: [String: AttributeValue]
  ) throws(OperatorError) -> any Operator {
    guard let type = type(domain: "", name: name, opset: opset) else { throw .unsupported("the operator \(name) is not available here") }
    var reader = NodeReader(opset: opset, operandCount: 1, attributes: attributes)
    let op = try type.init(&reader)
    guard reader.unreadAttributes.isEmpty else {
      throw .attribute("\(name) has no attribute \(reader.unreadAttributes.joined(separator: ", "))")
    }
    return op
  }
}
