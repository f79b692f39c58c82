import CarpusTensors

/// What `Max` and `Min` have in common: any number of broadcast operands of one numeric type.
struct Extremum: Sendable {
  let function: BinaryFunction
  let integer: any IntegerFunction

  func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    var best = operands[0]
    guard operands.count > 1 else { return results.copyElements(of: best) }
    for index in 1..<operands.count - 1 { best = try pair(best, operands[index], team: results.team) }
    try Arithmetic.evaluate(function, integer: integer, best, operands[operands.count - 1], into: &results)
  }

  /// The extremum of two operands of more than two.
  private func pair(_ a: Tensor, _ b: Tensor, team: ThreadTeam) throws(OperatorError) -> Tensor {
    let shape = try Broadcast(of: a.shape, b.shape).result
    try MemoryLimit.check(shape, a.elementType)
    let target = Tensor(zeros: a.elementType, shape: shape)
    var results = Results([.tensor(target)], wanted: [true], team: team, scratch: Scratch())
    try Arithmetic.evaluate(function, integer: integer, a, b, into: &results)
    return target
  }

  /// Where k operands are equal to the result, each gets ∂Y / k, as `torch.maximum` shares it; summed over stretched axes.
  func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
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
