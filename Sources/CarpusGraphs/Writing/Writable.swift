public import CarpusTensors

/// A node as a file has it.
public struct WrittenNode: Sendable {
  /// Names an operator of ai.onnx.
  public let operatorName: String
  public let attributes: [String: AttributeValue]
  /// Operands that follow those of the node.
  public let constants: [Tensor]
  /// The first version of ai.onnx for which the node means this.
  public let since: Int

  /// What holds from version 13 on, for all element types, unless `since` says something else.
  init(_ operatorName: String, _ attributes: [String: AttributeValue] = [:], constants: [Tensor] = [], since: Int = 13) {
    self.operatorName = operatorName
    self.attributes = attributes
    self.constants = constants
    self.since = since
  }
}

/// An operator that gradients and rewrites insert, which can be written to a file although it was read from none.
public protocol Writable: Operator {
  /// - Parameter opset: the version of ai.onnx that the file is written for.
  /// - Throws: when there is no such node in that version.
  func written(opset: Int) throws(OperatorError) -> WrittenNode
}

/// A writable operator whose nodes have no attributes, and have not had any since version 11.
protocol PlainlyWritable: Writable {}

extension PlainlyWritable {
  public func written(opset: Int) -> WrittenNode { WrittenNode(Self.signature.name, since: max(11, Self.signature.since)) }
}

/// An operator of ours that is written as a few nodes that ONNX has names for.
public protocol Lowered: Operator {
  /// The results, made of operators that are writable.
  ///
  /// - Parameter opset: the version of ai.onnx that the nodes are written for.
  func lowered(_ operands: [Value?], _ infos: [OperandInfo], opset: Int, in graph: inout GraphBuilder) throws(OperatorError) -> [Value]
}

extension Graph {
  /// The same graph in operators that a file can name: each that stands for several of them is replaced by those.
  ///
  /// - Throws: `GraphError.node` where a node cannot be written for that version.
  public func lowered(opset: Int) throws(GraphError) -> Graph {
    guard nodes.contains(where: { $0.operator is any Lowered }) else { return self }
    var rebuilt = Rebuilding(of: self)
    for input in inputs { rebuilt.input(input, type(of: input.value)) }
    for node in nodes {
      if let op = node.operator as? any Lowered {
        try rebuilt.add(node) { operands, infos, graph throws(OperatorError) in
          try op.lowered(operands, infos, opset: opset, in: &graph)
        }
      } else {
        try rebuilt.add(node)
      }
    }
    return rebuilt.finished()
  }
}

extension Array where Element == Value? {
  /// An operand that may be absent.
  func optional(_ index: Int) -> Value? { indices.contains(index) ? self[index] : nil }

  /// An operand that must be there.
  func present(_ index: Int) throws(OperatorError) -> Value {
    guard indices.contains(index), let value = self[index] else { throw .operands("operand \(index) is missing") }
    return value
  }
}
