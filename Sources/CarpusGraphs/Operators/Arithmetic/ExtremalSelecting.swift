import CarpusTensors

/// The largest or the smallest of broadcast operands of one numeric type.
protocol ExtremalSelecting: Variadic, IntegerFunction, PlainlyWritable {
  static var function: BinaryFunction { get }
}

extension ExtremalSelecting {
  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    try Arithmetic.resultTypes(for: operands, broadcasts: broadcasts)
  }

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try Arithmetic.accumulate(operands, into: &results) { (a, b, results: inout Results) throws(OperatorError) in
      try Arithmetic.evaluate(Self.function, integer: self, a, b, into: &results)
    }
  }

  /// Where k operands are equal to the result, each gets ∂Y / k, as `torch.maximum` shares it; summed over stretched axes.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return step.operands.map { _ in nil } }
    let type = try step.elementType(0)
    var shares: [Value] = []
    for index in step.operands.indices {
      shares.append(try graph.add(Cast(to: type), graph.add(Equal(), step.operand(index), step.results[0])))
    }
    var count = shares[0]
    for share in shares.dropFirst() { count = try graph.sum(count, share) }
    let part = try graph.quotient(seed, count)
    var gradients: [Value?] = []
    for (index, share) in shares.enumerated() {
      gradients.append(step.wants[index] ? try graph.summed(graph.product(part, share), to: step.shape(index)) : nil)
    }
    return gradients
  }
}
