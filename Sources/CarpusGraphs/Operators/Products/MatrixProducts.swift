import CarpusTensors

/// Products of matrices in stacks whose leading axes broadcast: what `MatMul` and its adjoints have in common.
struct MatrixProducts: Sendable {
  let transposesA: Bool
  let transposesB: Bool

  /// The shape of the product; operands of rank 1 are a row on the left and a column on the right, and their axis vanishes.
  func shape(_ a: PartialShape, _ b: PartialShape) throws(OperatorError) -> PartialShape {
    guard let left = a.extents, let right = b.extents else { return .unknown }
    guard !left.isEmpty, !right.isEmpty else { throw .operands("a scalar is no operand of a matrix product") }
    let (m, inner) = Self.lastTwo(left.count == 1 ? [1] + left : left, transposed: transposesA)
    let (k, n) = Self.lastTwo(right.count == 1 ? right + [1] : right, transposed: transposesB)
    if let inner, let k, inner != k { throw .operands("matrices of \(a) and \(b) cannot be multiplied: \(inner) columns, \(k) rows") }
    let stacks = try Broadcasting.shape(PartialShape(Array(left.dropLast(2))), PartialShape(Array(right.dropLast(2))))
    return PartialShape((stacks.extents ?? []) + (left.count == 1 ? [] : [m]) + (right.count == 1 ? [] : [n]))
  }

  private static func lastTwo(_ extents: [Int?], transposed: Bool) -> (Int?, Int?) {
    let last = extents[extents.count - 1], other = extents[extents.count - 2]
    return transposed ? (last, other) : (other, last)
  }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let a = try operands.tensor(0), b = try operands.tensor(1)
    guard a.elementType == b.elementType else {
      throw .operands("both operands must have one element type, not \(a.elementType) and \(b.elementType)")
    }
    return [ValueType(a.elementType, try shape(a.shape, b.shape))]
  }

  /// How the matrices of two operands follow each other.
  private struct Layout {
    let m, n, k: Int
    /// For each product, the number of the left matrix and of the right one.
    let pairs: [(Int, Int)]

    init(_ product: MatrixProducts, _ a: Shape, _ b: Shape) throws(OperatorError) {
      let left = a.rank == 1 ? [1] + a.extents : a.extents, right = b.rank == 1 ? b.extents + [1] : b.extents
      let (rows, inner) = MatrixProducts.lastTwo(left, transposed: product.transposesA)
      let columns = MatrixProducts.lastTwo(right, transposed: product.transposesB).1
      let stackA = Shape(Array(left.dropLast(2))), stackB = Shape(Array(right.dropLast(2)))
      guard let stack = try Broadcasting.shape(PartialShape(stackA), PartialShape(stackB)).shape else {
        throw .tooLarge("stacks of \(stackA) and \(stackB) make too many matrices")
      }
      // One matrix on the right for all on the left: the left ones are one tall matrix.
      let isTall = stackB.count == 1 && !product.transposesA
      m = (rows ?? 1) * (isTall ? stackA.count : 1)
      n = columns ?? 1
      k = inner ?? 1
      var places = try BroadcastPlaces(stackA, stackB)
      var pairs: [(Int, Int)] = []
      for _ in 0..<(isTall ? 1 : stack.count) {
        pairs.append((places.first, places.second))
        places.advance()
      }
      self.pairs = pairs
    }
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let a = operands[0], b = operands[1]
    let layout = try Layout(self, a.shape, b.shape)
    guard results.shape(0).count > 0 else { return }
    switch results.elementType(0) {
    case .float32: floating(Float.self, a, b, layout, into: &results)
    case .float64: floating(Double.self, a, b, layout, into: &results)
    case .int32: integral(Int32.self, a, b, layout, into: &results)
    case .int64: integral(Int64.self, a, b, layout, into: &results)
    case .uint32: integral(UInt32.self, a, b, layout, into: &results)
    case .uint64: integral(UInt64.self, a, b, layout, into: &results)
    case let other: throw .operands("no matrix product of \(other)")
    }
  }

  private func floating<T: KernelScalar>(_ type: T.Type, _ a: Tensor, _ b: Tensor, _ layout: Layout, into results: inout Results) {
    let team = results.team, scratch = results.scratch
    var y = results.elements(0, as: T.self)
    Kernels.multiply(
      a.elements(T.self), b.elements(T.self), into: &y, pairs: layout.pairs, m: layout.m, n: layout.n, k: layout.k, transposeA: transposesA,
      transposeB: transposesB, scratch: scratch, team: team)
  }

  private func integral<T: TensorElement & FixedWidthInteger>(
    _ type: T.Type, _ a: Tensor, _ b: Tensor, _ layout: Layout, into results: inout Results
  ) {
    let (m, n, k) = (layout.m, layout.n, layout.k)
    let x = a.elements(T.self), z = b.elements(T.self)
    let (aRow, aColumn) = transposesA ? (1, m) : (k, 1)
    let (bRow, bColumn) = transposesB ? (1, k) : (n, 1)
    var y = results.elements(0, as: T.self)
    for (index, pair) in layout.pairs.enumerated() {
      for row in 0..<m {
        for column in 0..<n {
          var sum: T = 0
          for step in 0..<k {
            sum &+= x[pair.0 * m * k + row * aRow + step * aColumn] &* z[pair.1 * k * n + step * bRow + column * bColumn]
          }
          y[(index * m + row) * n + column] = sum
        }
      }
    }
  }
}

extension Kernels {
  /// c[i] = a[p] b[q] for the i-th pair (p, q): products of the matrices of two stacks, a[p] being m × k and b[q] k × n.
  static func multiply<T: KernelScalar>(
    _ a: Span<T>, _ b: Span<T>, into c: inout MutableSpan<T>, pairs: [(Int, Int)], m: Int, n: Int, k: Int, transposeA: Bool = false,
    transposeB: Bool = false, scratch: Scratch, team: ThreadTeam
  ) {
    for (index, (p, q)) in pairs.enumerated() {
      var part = c.part(index * m * n..<(index + 1) * m * n)
      multiply(
        a.extracting(p * m * k..<(p + 1) * m * k), b.extracting(q * k * n..<(q + 1) * k * n), into: &part, m: m, n: n, k: k,
        transposeA: transposeA, transposeB: transposeB, scratch: scratch, team: team)
    }
  }
}
