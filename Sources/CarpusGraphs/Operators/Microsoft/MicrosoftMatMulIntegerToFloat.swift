import CarpusTensors

extension Microsoft {
  /// `Y = (A − aZero) · (B − bZero) · aScale · bScale + bias`: the product of `MatMulInteger` as real numbers.
  ///
  /// - Operands: `A`, `B`, int8 or uint8; `aScale`, `bScale`; optionally `aZero`, `bZero` and `bias`. The parameters of A are one number, those of B
  ///   one number or one for each column.
  struct MatMulIntegerToFloat: Fused, Attributeless {
    static let signature = Microsoft.signature("MatMulIntegerToFloat", operands: 4...7)

    func made(of operands: [Value?], _ infos: [OperandInfo], in graph: inout GraphBuilder) throws(OperatorError) -> [Value]? {
      return [
        try graph.integerProduct(
          operands.optional(0), operands.optional(1), scales: (operands.optional(2), operands.optional(3)),
          zeros: (operands.optional(4), operands.optional(5)), bias: operands.optional(6))
      ]
    }

    /// The result has the type of the scales.
    func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
      let shape = try IntegerMatrixProduct.shape(operands.tensor(0).shape, operands.tensor(1).shape)
      return [ValueType(try operands.floatingTensor(2).elementType, shape)]
    }
  }
}

extension GraphBuilder {
  mutating func integerProduct(
    _ a: Value?, _ b: Value?, scales: (Value?, Value?), zeros: (Value?, Value?), bias: Value?
  ) throws(OperatorError) -> Value {
    guard let scale = scales.0, case .tensor(let type) = type(of: scale) else { throw .operands("a scale is missing") }
    if let shape = type.shape.shape, shape.count != 1 { throw .unsupported("the scale of A must be one number, not \(shape)") }
    let sums = try add(MatMulInteger(), [a, b, zeros.0, zeros.1], results: 1)[0]
    let product = try self.product(add(Cast(to: type.elementType), sums), add(Mul(), scale, scales.1))
    guard let bias else { return product }
    return try sum(product, bias)
  }
}
