import CarpusTensors

/// `Y = A · B`, the matrices of two stacks whose leading axes broadcast, as NumPy's `matmul`.
///
/// - Operands: `A` `[…, m, k]` or `[k]`; `B` `[…, k, n]` or `[k]`; floating-point, or 32- or 64-bit integers, which wrap around.
/// - Throws: when the inner extents differ or the leading axes do not broadcast.
public struct MatMul: Operator {
  public static let signature = OperatorSignature("MatMul", operands: 2...2, gradient: .defined)
  private let products = MatrixProducts(transposesA: false, transposesB: false)

  public init(_ node: inout NodeReader) throws(OperatorError) {}
  public init() {}

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try products.resultTypes(for: operands) }

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
struct TransposedMatMul: InternalOperator {
  static let signature = OperatorSignature("TransposedMatMul", domain: "adjoint", operands: 2...2, gradient: .undefined)
  private let products: MatrixProducts

  init(transposesA: Bool, transposesB: Bool) { products = MatrixProducts(transposesA: transposesA, transposesB: transposesB) }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try products.resultTypes(for: operands) }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try products.evaluate(operands, into: &results)
  }
}
