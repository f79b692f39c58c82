import CarpusTensors

/// `Y` is 1 in row i, column i + `k`, and 0 elsewhere, in the shape of `X`.
///
/// - Operands: `X`, any type, a matrix.
/// - Results: `Y` of the type `dtype`, or that of X.
public struct EyeLike: Operator {
  public static let signature = OperatorSignature("EyeLike", since: 9, operands: 1...1, numerics: .moves, gradient: .stops)
  private let elementType: ElementType?
  private let k: Int

  public init(_ node: inout NodeReader) throws(OperatorError) {
    k = try node.int("k") ?? 0
    elementType = try node.int("dtype").map { (number) throws(OperatorError) in
      guard let type = ElementType(dataType: number) else {
        throw .unsupported("a matrix of \(ElementType.name(ofDataType: number)) is not available")
      }
      return type
    }
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0)
    if let rank = x.shape.rank, rank != 2 { throw .operands("X must be a matrix, not \(x.shape)") }
    let type = elementType ?? x.elementType
    guard type.swiftType != nil else { throw .unsupported("a matrix of \(type) is not available") }
    return [ValueType(type, x.shape)]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let type = results.elementType(0), width = results.shape(0)[1]
    let numbers = Tensor([0.0, 1.0]).converted(to: type)
    func apply<T: TensorElement>(_ type: T.Type) {
      let number = numbers.array(of: T.self)
      var y = results.elements(0, as: T.self)
      for index in y.indices { y[index] = number[index % width - index / width == k ? 1 : 0] }
    }
    if let type = type.swiftType { apply(type) }
  }

  // MARK: Gradient

  /// The result does not depend on the elements.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil] }
}
