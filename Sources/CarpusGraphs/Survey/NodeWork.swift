import CarpusTensors

/// What a node costs.
public struct NodeWork: Sendable {
  public let node: Node
  /// Products that are added up; 0 for operators that do other work. `nil` where an extent is not known, and for what a graph inside the
  /// node does.
  public let multiplyAdds: Int?
  /// Bytes of its results; `nil` where an extent is not known.
  public let byteCount: Int?
}

extension Graph {
  /// What each node costs, as the file has them: nothing is rewritten.
  public var work: [NodeWork] {
    nodes.map { node in
      let types = node.results.map { type(of: $0) }
      var multiplyAdds: Int? = node.operator is any SelfTyping ? nil : 0
      if let op = node.operator as? any Costed { multiplyAdds = op.multiplyAdds(node.operands.map { info($0) }, types) }
      var byteCount: Int? = 0
      for type in types {
        let own = type.tensor.flatMap { tensor in tensor.shape.shape.map { $0.count * tensor.elementType.byteCount } }
        guard let sum = byteCount, let (total, overflow) = own.map(sum.addingReportingOverflow), !overflow else {
          byteCount = nil
          break
        }
        byteCount = total
      }
      return NodeWork(node: node, multiplyAdds: multiplyAdds, byteCount: byteCount)
    }
  }

  /// Bytes that the values take that are alive together, at most: nothing is rewritten, and weights are not counted.
  ///
  /// - Throws: `GraphError.tooLarge`.
  public func activationByteCount() throws(GraphError) -> Int { try StaticMemory(self).byteCount }
}
