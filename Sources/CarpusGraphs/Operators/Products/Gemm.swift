import CarpusTensors

/// `Y = alpha · A' · B' + beta · C` with `A'` and `B'` transposed if `transA` and `transB` say so.
///
/// - Operands: `A'` `[m, k]`; `B'` `[k, n]`; `C`, optional, broadcast to `[m, n]`; floating-point, or 32- or 64-bit integers.
///   Products of integers wrap around; `alpha` and `beta` other than 1 are applied in float64, and the result is cut off towards 0.
/// - Throws: when the extents do not fit together.
public struct Gemm: Viewing, Costed, Writable {
  public static let signature = OperatorSignature("Gemm", operands: 2...3, gradient: .defined)
  private let alpha, beta: Double
  private let transposesA: Bool
  let transposesB: Bool
  /// `A · B + C` or `A · Bᵀ + C`.
  var isPlain: Bool { alpha == 1 && beta == 1 && !transposesA }

  public init(_ node: inout NodeReader) throws(OperatorError) {
    alpha = Double(try node.float("alpha") ?? 1)
    beta = Double(try node.float("beta") ?? 1)
    transposesA = try node.flag("transA", default: false)
    transposesB = try node.flag("transB", default: false)
    // Before version 7 this allowed the broadcasting that has been a matter of course since.
    if node.opset < 7 { node.ignore("broadcast") }
  }

  /// `alpha · A' · B'`
  init(alpha: Double, transposesA: Bool, transposesB: Bool) {
    self.alpha = alpha
    beta = 1
    self.transposesA = transposesA
    self.transposesB = transposesB
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let a = try operands.tensor(0), b = try operands.tensor(1), c = try operands.optionalTensor(2)
    guard a.elementType.isFloatingPoint || (a.elementType.isInteger && a.elementType.byteCount >= 4) else {
      throw .operands("no matrix product of \(a.elementType)")
    }
    guard a.elementType == b.elementType, c.map({ $0.elementType == a.elementType }) ?? true else {
      throw .operands("all operands must have one element type")
    }
    for (type, name) in [(a, "A"), (b, "B")] {
      guard let rank = type.shape.rank, rank != 2 else { continue }
      throw .operands("\(name) must be a matrix, not \(type.shape)")
    }
    let left = a.shape.extents == nil ? .unknown(rank: 2) : a.shape, right = b.shape.extents == nil ? .unknown(rank: 2) : b.shape
    let y = try MatrixProducts(transposesA: transposesA, transposesB: transposesB).shape(left, right)
    guard let c else { return [ValueType(a.elementType, y)] }
    guard c.shape.rank.map({ $0 <= 2 }) ?? true else { throw .operands("C of \(c.shape) does not broadcast to \(y)") }
    let whole = try Broadcasting.shape(y, c.shape)
    // C may stretch to the product, not the product to C.
    for (axis, extent) in (y.extents ?? []).enumerated() {
      guard extent == 1, let stretched = whole[axis], stretched != 1 else { continue }
      throw .operands("C of \(c.shape) does not broadcast to \(y)")
    }
    return [ValueType(a.elementType, y)]
  }

  // MARK: View

  func views(ofOperand index: Int, _ operands: [OperandInfo], result: Shape, number: Int) -> [AxisView]? {
    switch index {
    case 0: transposesA ? [.all, .same(0)] : [.same(0), .all]
    case 1: transposesB ? [.same(1), .all] : [.all, .same(1)]
    default: operands.shape(index).map { Self.broadcast($0, to: result) }
    }
  }

  // MARK: Cost

  /// Each element of the product is a sum of k products.
  func multiplyAdds(_ operands: [OperandInfo], _ results: [ValueType]) -> Int? {
    guard let a = operands.shape(0), let y = results.first?.staticShape else { return nil }
    return product(y.extents + [transposesA ? a[0] : a[1]])
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    guard results.elementType(0).isFloatingPoint else { return try evaluateIntegers(operands, into: &results) }
    results.elementType(0) == .float64 ? evaluate(Double.self, operands, into: &results) : evaluate(Float.self, operands, into: &results)
  }

  private func evaluate<T: KernelScalar>(_ type: T.Type, _ operands: borrowing Operands, into results: inout Results) {
    let a = operands[0], b = operands[1], shape = results.shape(0), team = results.team, scratch = results.scratch
    let (m, n, k) = (shape[0], shape[1], transposesA ? a.shape[0] : a.shape[1])
    let c = beta == 0 ? nil : operands.optional(2)
    var y = results.elements(0, as: T.self)
    if let c {
      Kernels.copyStrided(
        c.elements(T.self), sourceStrides: Broadcasting.strides(of: c.shape, in: shape), into: &y, targetStrides: shape.strides,
        extents: shape.extents, team: team)
    }
    Kernels.multiply(
      a.elements(T.self), b.elements(T.self), into: &y, m: m, n: n, k: k, transposeA: transposesA, transposeB: transposesB, alpha: T(alpha),
      beta: c == nil ? 0 : T(beta), scratch: scratch, team: team)
  }

  private struct Sum: IntegerFunction {
    func apply<T: FixedWidthInteger>(_ a: T, _ b: T) -> T { a &+ b }
  }

  private func evaluateIntegers(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let type = results.elementType(0), shape = results.shape(0), team = results.team
    let product = Tensor(zeros: type, shape: shape)
    var part = Results([.tensor(product)], wanted: [true], team: team, scratch: results.scratch)
    try MatrixProducts(transposesA: transposesA, transposesB: transposesB)
      .evaluate(Operands([.tensor(operands[0]), .tensor(operands[1])]), into: &part)
    let c = operands.optional(2) ?? Tensor(zeros: type, shape: [])
    if alpha == 1, beta == 1 { return try Arithmetic.integral(Sum(), product, c, into: &results) }
    let terms = [(product, alpha), (c, beta)].map { term, factor in Tensor(term.doubles.map { factor * $0 }, shape: term.shape) }
    let sum = Tensor(zeros: .float64, shape: shape)
    var real = Results([.tensor(sum)], wanted: [true], team: team, scratch: results.scratch)
    try Arithmetic.floating(.add, terms[0], terms[1], into: &real)
    results.copyElements(of: sum.converted(to: type, team: team))
  }

  // MARK: Writing

  public func written(opset: Int) -> WrittenNode {
    WrittenNode(
      "Gemm",
      [
        "alpha": .float(Float(alpha)), "beta": .float(Float(beta)), "transA": .int(transposesA ? 1 : 0), "transB": .int(transposesB ? 1 : 0),
      ], since: 11)
  }

  // MARK: Gradient

  /// ∂A' = alpha · ∂Y · B'ᵀ, ∂B' = alpha · A'ᵀ · ∂Y, ∂C = beta · ∂Y summed over stretched axes.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return step.operands.map { _ in nil } }
    let a = try step.operand(0), b = try step.operand(1)
    var gradients = [Value?](repeating: nil, count: step.operands.count)
    if step.wants[0] {
      gradients[0] = transposesA
        ? try graph.add(Gemm(alpha: alpha, transposesA: transposesB, transposesB: true), b, seed)
        : try graph.add(Gemm(alpha: alpha, transposesA: false, transposesB: !transposesB), seed, b)
    }
    if step.wants[1] {
      gradients[1] = transposesB
        ? try graph.add(Gemm(alpha: alpha, transposesA: true, transposesB: transposesA), seed, a)
        : try graph.add(Gemm(alpha: alpha, transposesA: !transposesA, transposesB: false), a, seed)
    }
    if step.operands.count > 2, step.wants[2] {
      gradients[2] = try graph.scaled(try graph.summed(seed, to: try step.shape(2)), by: beta)
    }
    return gradients
  }
}
