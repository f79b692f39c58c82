import CarpusTensors

extension Operator {
  /// With attributes as a file would name them.
  init(_ attributes: [String: AttributeValue], operandCount: Int, opset: Int = 21) throws(OperatorError) {
    var node = NodeReader(opset: opset, operandCount: operandCount, attributes: attributes)
    try self.init(&node)
  }
}

extension GraphBuilder {
  /// Inserts a node with one result, as a file would name it.
  mutating func add<Op: Operator>(
    _ type: Op.Type, _ attributes: [String: AttributeValue], _ operands: Value?...
  ) throws(OperatorError) -> Value {
    try add(Op(attributes, operandCount: operands.count), operands, results: 1)[0]
  }

  /// Numbers of attributes, in the element type of `x`.
  mutating func numbers(_ numbers: [Float], _ shape: Shape, like x: Value) throws(OperatorError) -> Value {
    guard let type = type(of: x).tensor?.elementType else { throw .operands("no numbers in a sequence") }
    return constant(Tensor(numbers, shape: shape).converted(to: type))
  }
}

extension Array where Element == OperandInfo {
  /// The type of an operand that must be a tensor of one of `types`.
  func tensor(_ index: Int, of types: [ElementType]) throws(OperatorError) -> TensorType {
    let type = try tensor(index)
    guard types.contains(type.elementType) else {
      throw .operands("operand \(index) must be of \(types.map(\.rawValue).joined(separator: ", ")), not \(type.elementType)")
    }
    return type
  }
}
