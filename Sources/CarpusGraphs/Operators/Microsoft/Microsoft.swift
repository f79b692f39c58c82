import CarpusTensors

/// Operators of the domain `com.microsoft`, which onnxruntime's optimiser writes in place of several standard ones.
///
/// Source: onnxruntime, "Contrib operators".
enum Microsoft {
  static func signature(
    _ name: String, operands: ClosedRange<Int>, results: ClosedRange<Int> = 1...1, gradient: OperatorSignature.Gradient = .defined
  ) -> OperatorSignature {
    OperatorSignature(name, domain: "com.microsoft", operands: operands, results: results, numerics: .exact, gradient: gradient)
  }
}

/// An operator that says all that it does, its types too, by the nodes that it becomes.
protocol Fused: StandIn {
  /// All its results, those that a node may leave out among them; `nil` while the operands do not say enough.
  func made(of operands: [Value?], _ infos: [OperandInfo], in graph: inout GraphBuilder) throws(OperatorError) -> [Value]?
  /// The element types of all its results, while the operands do not say enough for more.
  func elementTypes(_ operands: [OperandInfo]) throws(OperatorError) -> [ElementType]
}

extension Fused {
  /// Those of operand 0.
  func elementTypes(_ operands: [OperandInfo]) throws(OperatorError) -> [ElementType] {
    [ElementType](repeating: try operands.tensor(0).elementType, count: Self.signature.results.upperBound)
  }

  /// The types that the other nodes have.
  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    // Small numbers, such as shapes, are all that a type depends on.
    var graph = GraphBuilder(constantLimit: 1 << 16)
    var values: [Value?] = []
    for (index, info) in operands.enumerated() {
      values.append(info.type.map { type in info.value.map { graph.constant($0) } ?? graph.input("\(index)", type) })
    }
    if let made = try made(of: values, operands, in: &graph) { return made.map(graph.type) }
    return try elementTypes(operands).map { ValueType($0, .unknown) }
  }

  public func composed(
    _ operands: [Value?], _ infos: [OperandInfo], results: Int, in graph: inout GraphBuilder
  ) throws(OperatorError) -> [Value]? {
    try made(of: operands, infos, in: &graph).map { Array($0.prefix(results)) }
  }
}

/// A standard operator under another name.
protocol Renamed: Fused {
  var standard: any Operator { get }
}

extension Renamed {
  func made(of operands: [Value?], _ infos: [OperandInfo], in graph: inout GraphBuilder) throws(OperatorError) -> [Value]? {
    try graph.add(standard, operands, results: 1)
  }
}
