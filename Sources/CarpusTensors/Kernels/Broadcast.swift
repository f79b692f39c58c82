import CCarpusKernels

/// How operands of different shapes share the index space of a result, as in NumPy: aligned at the innermost axis, an
/// extent of 1 is repeated.
public struct Broadcast: Sendable, Hashable {
  /// The shape of the result.
  public let result: Shape
  /// The shapes of the operands.
  public let operands: [Shape]
  /// The axes of the result that remain when those of extent 1 are dropped and those that every operand walks in one
  /// stride are joined.
  let extents: [Int]
  /// Per operand, elements between neighbours along those axes; 0 where the operand is repeated.
  let strides: [[Int]]

  /// `nil` when the shapes do not fit together, when the result has too many elements, or when more than 8 axes remain.
  public init?(_ operands: Shape...) {
    let rank = operands.map(\.rank).max() ?? 0
    var whole = [Int](repeating: 1, count: rank)
    for operand in operands {
      for axis in 0..<operand.rank where operand[axis] != 1 {
        let place = rank - operand.rank + axis
        guard whole[place] == 1 || whole[place] == operand[axis] else { return nil }
        whole[place] = operand[axis]
      }
    }
    guard operands.count <= 3, let result = Shape(checking: whole) else { return nil }
    let full = operands.map { operand in
      let steps = operand.strides
      return (0..<rank).map { place in
        let axis = place - (rank - operand.rank)
        return axis < 0 || operand[axis] == 1 ? 0 : steps[axis]
      }
    }
    var extents: [Int] = [], strides = [[Int]](repeating: [], count: operands.count)
    for place in 0..<rank where whole[place] != 1 {
      let continues = !extents.isEmpty
        && zip(strides, full).allSatisfy { joined, own in joined[extents.count - 1] == own[place] * whole[place] }
      if continues {
        extents[extents.count - 1] *= whole[place]
        for index in strides.indices { strides[index][extents.count - 1] = full[index][place] }
      } else {
        extents.append(whole[place])
        for index in strides.indices { strides[index].append(full[index][place]) }
      }
    }
    guard extents.count <= Int(CK_MAX_RANK) else { return nil }
    self.result = result
    self.operands = operands
    self.extents = extents
    self.strides = strides
  }

  var code: ck_broadcast {
    var code = ck_broadcast()
    code.rank = extents.count
    set(&code.extents, extents)
    let columns = strides + [[Int]](repeating: [], count: 3 - strides.count)
    set(&code.strides.0, columns[0])
    set(&code.strides.1, columns[1])
    set(&code.strides.2, columns[2])
    return code
  }
}

private func set(_ target: inout (Int, Int, Int, Int, Int, Int, Int, Int), _ values: [Int]) {
  let padded = values + [Int](repeating: 0, count: 8 - values.count)
  target = (padded[0], padded[1], padded[2], padded[3], padded[4], padded[5], padded[6], padded[7])
}
