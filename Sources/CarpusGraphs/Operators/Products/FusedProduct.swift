import CarpusTensors

/// `Y = f(X · W + B + R)`: a product with a constant matrix and what follows it, made by rewriting.
///
/// - Operands: `X` `[…, k]`; `W` `[k, n]`, or `[n, k]` if it is transposed; `B` with n elements; `R` of the result's shape; float32. `B` and
///   `R` may be absent.
struct FusedProduct: InternalOperator, Preparing, Costed {
  static let signature = OperatorSignature("FusedProduct", domain: "carpus", operands: 2...4, gradient: .undefined)
  let isTransposed: Bool
  let activation: UnaryFunction?
  private var matrix: PackedMatrix?

  init(isTransposed: Bool, activation: UnaryFunction?) {
    self.isTransposed = isTransposed
    self.activation = activation
  }

  /// Rows and columns of W as it is multiplied.
  static func extents(_ w: Shape, isTransposed: Bool) -> (inputs: Int, outputs: Int)? {
    guard w.rank == 2 else { return nil }
    let inputs = w[isTransposed ? 1 : 0], outputs = w[isTransposed ? 0 : 1]
    guard PackedMatrix.isSupported(inputs: inputs, outputs: outputs) else { return nil }
    return (inputs, outputs)
  }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0)
    guard x.elementType == .float32, let shape = x.shape.shape, shape.count > 0, let w = operands.shape(1),
      let (inputs, outputs) = Self.extents(w, isTransposed: isTransposed), shape.extents.last == inputs
    else { throw .operands("no product of rows \(x) and a matrix \(operands[1].type?.description ?? "")") }
    let result = ValueType(.float32, Shape(shape.extents.dropLast() + [outputs]))
    if operands.isPresent(2), operands.shape(2)?.count != outputs { throw .operands("B must have \(outputs) elements") }
    if operands.isPresent(3), operands[3].type != result { throw .operands("R must have the type of the result") }
    return [result]
  }

  func multiplyAdds(_ operands: [OperandInfo], _ results: [ValueType]) -> Int? {
    guard let x = operands.shape(0), let y = results.first?.staticShape else { return nil }
    return product(y.extents + [x.extents.last])
  }

  func prepared(for operands: [OperandInfo]) -> any Operator {
    guard let weights = operands[1].value, !operands.isPresent(2) || operands[2].value != nil else { return self }
    var prepared = self
    prepared.matrix = packed(weights, operands.isPresent(2) ? operands[2].value : nil, .preferred)
    return prepared
  }

  private func packed(_ weights: Tensor, _ bias: Tensor?, _ instructionSet: InstructionSet) -> PackedMatrix {
    let shape = weights.shape
    return PackedMatrix(
      weights.elements(), inputs: shape[isTransposed ? 1 : 0], outputs: shape[isTransposed ? 0 : 1], isTransposed: isTransposed,
      bias: bias?.elements(), instructionSet: instructionSet)
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let team = results.team, scratch = results.scratch, x = operands[0]
    let matrix = matrix ?? packed(operands[1], operands.optional(2), team.instructionSet), rows = x.shape.count / matrix.inputs
    var y = results.elements(0, as: Float.self)
    if let residual = operands.optional(3) {
      Kernels.multiply(
        x.elements(), by: matrix, rows: rows, residual: residual.elements(), activation: activation, into: &y, scratch: scratch, team: team)
    } else {
      Kernels.multiply(x.elements(), by: matrix, rows: rows, activation: activation, into: &y, scratch: scratch, team: team)
    }
  }
}
