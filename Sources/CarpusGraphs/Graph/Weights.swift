public import CarpusTensors

/// A constant that a layer of a network multiplies with or adds: what training has chosen.
public struct Weight: Hashable, Sendable {
  public let value: Value
  /// The name in the file; where it has none, the node's with the operand's place.
  public let name: String
}

extension Graph {
  /// The weights of the convolutions and matrix products that lead to `target`, from the output to the input: those of one node together, each once.
  ///
  /// Floating-point constants of more than one element that are operands of `Conv`, `ConvTranspose`, `Gemm` or `MatMul`.
  public func layerWeights(before target: Value) -> [[Weight]] {
    let leading = ancestors(of: [target]), names = preferredNames
    var seen: Set<Value> = []
    return nodes.reversed().compactMap { node in
      guard node.operator is Conv || node.operator is ConvTranspose || node.operator is Gemm || node.operator is MatMul,
        node.results.contains(where: leading.contains)
      else { return nil }
      let weights = node.operands.enumerated().compactMap { place, operand -> Weight? in
        guard let operand, let constant = constant(operand), constant.elementType.isFloatingPoint, constant.shape.count > 1,
          seen.insert(operand).inserted
        else { return nil }
        return Weight(value: operand, name: names[operand] ?? "\(node.name):\(place)")
      }
      return weights.isEmpty ? nil : weights
    }
  }

  /// The same computation with other constants. What was worked out from the old ones beforehand stays as it is.
  ///
  /// - Precondition: the values are constants, the tensors of their element type and shape.
  public func replacing(_ constants: [Value: Tensor]) -> Graph {
    var graph = self
    for (value, tensor) in constants {
      guard let old = constant(value), old.elementType == tensor.elementType, old.shape == tensor.shape else {
        preconditionFailure("a constant of another type")
      }
      graph.records[value.index].constant = tensor
    }
    return graph
  }
}
