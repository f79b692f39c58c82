import CarpusTensors

/// `Y = A · B`, the matrices of two stacks whose leading axes broadcast, as NumPy's `matmul`.
///
/// - Operands: `A` `[…, m, k]` or `[k]`; `B` `[…, k, n]` or `[k]`; floating-point, or 32- or 64-bit integers, which wrap around.
/// - Throws: when the inner extents differ or the leading axes do not broadcast.
public struct MatMul: Viewing, Costed, PlainlyWritable, Attributeless {
  public static let signature = OperatorSignature("MatMul", operands: 2...2, gradient: .defined)
  private let products = MatrixProducts(transposesA: false, transposesB: false)

  public init() {}

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try products.resultTypes(for: operands) }

  // MARK: View

  func views(ofOperand index: Int, _ operands: [OperandInfo], result: Shape, number: Int) -> [AxisView]? {
    guard let own = operands.shape(index), let other = operands.shape(1 - index) else { return nil }
    let summed = index == 0 ? own.rank - 1 : max(own.rank - 2, 0)
    // A vector on the right leaves no column, one on the left no row.
    let matrixAxes = (index == 0 ? other.rank : own.rank) == 1 ? 1 : 2
    return own.extents.indices.map { axis in
      if axis == summed { return .all }
      if index == 0, axis == own.rank - 2 { return .same(result.rank - matrixAxes) }
      if index == 1, axis == own.rank - 1 { return .same(result.rank - 1) }
      let stack = result.rank - (own.rank == 1 || other.rank == 1 ? 1 : 2), target = axis + stack - (own.rank - 2)
      return target >= 0 && own[axis] == result[target] ? .same(target) : .regrouped(axes: [])
    }
  }

  // MARK: Cost

  /// Each element of the result is a sum of k products.
  func multiplyAdds(_ operands: [OperandInfo], _ results: [ValueType]) -> Int? {
    guard let a = operands.shape(0), let y = results.first?.staticShape else { return nil }
    return product(y.extents + [a.extents.last])
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try products.evaluate(operands, into: &results)
  }

  // MARK: Gradient

  /// ∂A = ∂Y · Bᵀ and ∂B = Aᵀ · ∂Y, each summed over the leading axes along which the operand was repeated.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil, nil] }
    let left = try step.shape(0), right = try step.shape(1)
    // Vectors become matrices, and the seed gets their axes back.
    let matrixA = left.rank == 1 ? Shape([1] + left.extents) : left, matrixB = right.rank == 1 ? Shape(right.extents + [1]) : right
    let stack = try Broadcasting.shape(
      PartialShape(Array(matrixA.extents.dropLast(2))), PartialShape(Array(matrixB.extents.dropLast(2))))
    guard let whole = PartialShape((stack.extents ?? []) + [matrixA[matrixA.rank - 2], matrixB[matrixB.rank - 1]]).shape else {
      throw .tooLarge("the product of \(left) and \(right) is too large")
    }
    let a = try graph.reshaped(try step.operand(0), to: matrixA), b = try graph.reshaped(try step.operand(1), to: matrixB)
    let dY = try graph.reshaped(seed, to: whole)
    var gradients: [Value?] = [nil, nil]
    if step.wants[0] {
      let product = try graph.add(TransposedMatMul(transposesA: false, transposesB: true), dY, b)
      gradients[0] = try graph.reshaped(try graph.summed(product, to: matrixA), to: left)
    }
    if step.wants[1] {
      let product = try graph.add(TransposedMatMul(transposesA: true, transposesB: false), a, dY)
      gradients[1] = try graph.reshaped(try graph.summed(product, to: matrixB), to: right)
    }
    return gradients
  }
}

/// `Y = A · Bᵀ` or `Aᵀ · B`: the adjoints of `MatMul`.
///
/// - Operands: stacks of matrices, floating-point.
struct TransposedMatMul: InternalOperator, Lowered {
  static let signature = OperatorSignature("TransposedMatMul", domain: "adjoint", operands: 2...2, gradient: .undefined)
  private let products: MatrixProducts

  init(transposesA: Bool, transposesB: Bool) { products = MatrixProducts(transposesA: transposesA, transposesB: transposesB) }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try products.resultTypes(for: operands) }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try products.evaluate(operands, into: &results)
  }

  /// A product with one matrix for all is a `Gemm`, which transposes by itself; else the matrices are turned first.
  func lowered(_ operands: [Value?], _ infos: [OperandInfo], opset: Int, in graph: inout GraphBuilder) throws(OperatorError) -> [Value] {
    let (a, b) = (try operands.present(0), try operands.present(1)), left = try infos.writtenShape(0), right = try infos.writtenShape(1)
    if right.rank == 2, left.rank == 2 || !products.transposesA {
      let rows = left.extents.dropLast().reduce(1, *), gemm = Gemm(alpha: 1, transposesA: products.transposesA, transposesB: products.transposesB)
      if left.rank == 2 { return [try graph.add(gemm, a, b)] }
      let product = try graph.add(gemm, graph.reshaped(a, to: [rows, left[left.rank - 1]]), b)
      return [try graph.reshaped(product, to: Shape(left.extents.dropLast() + [products.transposesB ? right[0] : right[1]]))]
    }
    func turned(_ x: Value, _ rank: Int, _ isTransposed: Bool) throws(OperatorError) -> Value {
      isTransposed ? try graph.add(Transpose(Array(0..<rank - 2) + [rank - 1, rank - 2]), x) : x
    }
    return [try graph.add(MatMul(), turned(a, left.rank, products.transposesA), turned(b, right.rank, products.transposesB))]
  }
}
