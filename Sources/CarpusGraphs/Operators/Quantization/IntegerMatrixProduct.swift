import CarpusTensors

/// A matrix product of integers, or numbers of 8 bits, minus their zero points. In float64 the sums are exact.
enum IntegerMatrixProduct {
  private static let products = MatrixProducts(transposesA: false, transposesB: false)

  static func shape(_ a: PartialShape, _ b: PartialShape) throws(OperatorError) -> PartialShape { try products.shape(a, b) }

  /// Each element of the result is a sum of k products.
  static func multiplyAdds(_ a: Shape?, _ results: [ValueType]) -> Int? {
    guard let a, let y = results.first?.staticShape else { return nil }
    return product(y.extents + [a.extents.last])
  }

  /// One number for each row of A, as an operand that broadcasts to A.
  static func alongRows(_ parameter: Tensor) -> Tensor {
    guard parameter.shape.count != 1 else { return parameter.reshaped([]) }
    return parameter.shape.rank == 1 ? parameter.reshaped([parameter.shape.count, 1]) : parameter
  }

  /// One number for each column of B, as an operand that broadcasts to B.
  static func alongColumns(_ parameter: Tensor) -> Tensor { parameter.shape.count == 1 ? parameter.reshaped([]) : parameter }

  /// The sums, in int32 for integers and in float64 for other types.
  static func evaluate(
    _ a: Tensor, _ b: Tensor, aZero: Tensor?, bZero: Tensor?, into results: inout Results
  ) throws(OperatorError) -> Tensor {
    let team = results.team
    let left = try Quantization.differences(a, aZero.map(alongRows), team: team)
    let right = try Quantization.differences(b, bZero.map(alongColumns), team: team)
    guard let shape = try shape(PartialShape(a.shape), PartialShape(b.shape)).shape else {
      throw .tooLarge("the product of \(a.shape) and \(b.shape) is too large")
    }
    var inner = Results([.tensor(Tensor(zeros: .float64, shape: shape))], wanted: [true], team: team, scratch: results.scratch)
    try products.evaluate(Operands([.tensor(left), .tensor(right)]), into: &inner)
    guard let sums = inner.finished()[0].tensor else { throw .operands("no tensors") }
    return a.elementType.isInteger ? Quantization.accumulated(sums, team: team) : sums
  }
}
