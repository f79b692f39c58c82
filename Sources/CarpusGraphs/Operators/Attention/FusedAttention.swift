import CarpusTensors

/// `Y = softmax(scale · Q · Kᵀ + A + B) · V`, made by rewriting: the matrices are read where they stand in the operands.
///
/// - Operands: the tensors that hold the matrices `Q`, `K` and `V`, and the addends `A` and `B`, which may be absent; float32.
struct FusedAttention: InternalOperator, Costed {
  static let signature = OperatorSignature("FusedAttention", domain: "carpus", operands: 3...5, gradient: .undefined)
  let layout: AttentionLayout
  let shape: Shape

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    for (index, count) in layout.operandCounts.enumerated() {
      let type = try operands.tensor(index)
      guard type.elementType == .float32, let shape = type.shape.shape, shape.count >= count else {
        throw .operands("operand \(index), \(type), does not hold \(count) float32 elements")
      }
    }
    return [ValueType(.float32, shape)]
  }

  func multiplyAdds(_ operands: [OperandInfo], _ results: [ValueType]) -> Int? {
    product([layout.q.offsets.count, layout.rows, layout.keys, layout.depth + layout.width])
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let team = results.team, scratch = results.scratch, addend = operands.optional(3), other = operands.optional(4)
    let q = operands[0], k = operands[1], v = operands[2]
    var y = results.elements(0, as: Float.self)
    Kernels.attend(
      layout, q: q.elements(), k: k.elements(), v: v.elements(), addend: addend?.elements(), other: other?.elements(), into: &y,
      scratch: scratch, team: team)
  }
}
