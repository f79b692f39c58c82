import CarpusTensors

/// `Y = det X` for each matrix of a stack.
///
/// - Operands: `X` `[…, m, m]`, floating-point.
/// - Results: `Y` `[…]`.
/// - Throws: when the matrices are not square.
public struct Det: Attributeless {
  public static let signature = OperatorSignature("Det", since: 11, operands: 1...1, gradient: .defined)

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.floatingTensor(0)
    guard let extents = x.shape.extents else { return [ValueType(x.elementType, .unknown)] }
    guard extents.count >= 2, PartialShape([extents[extents.count - 1]]).agrees(with: [extents[extents.count - 2]]) else {
      throw .operands("only square matrices have a determinant, not \(x.shape)")
    }
    return [ValueType(x.elementType, PartialShape(Array(extents.dropLast(2))))]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    func apply<T: KernelScalar>(_ type: T.Type) {
      let x = operands[0].elements(T.self), size = operands[0].shape.extents.last ?? 0
      var y = results.elements(0, as: T.self)
      for index in y.indices {
        let matrix = (0..<size * size).map { Double(x[index * size * size + $0]) }
        y[index] = T(TriangularFactors(of: matrix, size: size).determinant)
      }
    }
    results.elementType(0) == .float64 ? apply(Double.self) : apply(Float.self)
  }

  // MARK: Gradient

  /// ∂X is ∂Y times the cofactors of X, which are (det X · X⁻¹)ᵀ where X has an inverse.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    guard let seed = seeds[0] else { return [nil] }
    return [try graph.add(DetAdjoint(), seed, try step.operand(0))]
  }
}

/// `∂X` of `Det`.
///
/// - Operands: `seed` `[…]`; `X` `[…, m, m]`.
struct DetAdjoint: InternalOperator {
  static let signature = OperatorSignature("Det", domain: "adjoint", operands: 2...2, gradient: .undefined)

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { [.tensor(try operands.floatingTensor(1))] }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    func apply<T: KernelScalar>(_ type: T.Type) {
      let seed = operands[0].elements(T.self), x = operands[1].elements(T.self), size = operands[1].shape.extents.last ?? 0
      var y = results.elements(0, as: T.self)
      for index in seed.indices {
        let first = index * size * size
        let cofactors = TriangularFactors(of: (0..<size * size).map { Double(x[first + $0]) }, size: size).cofactors
        for place in cofactors.indices { y[first + place] = T(Double(seed[index]) * cofactors[place]) }
      }
    }
    results.elementType(0) == .float64 ? apply(Double.self) : apply(Float.self)
  }
}
