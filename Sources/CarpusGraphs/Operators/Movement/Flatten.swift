import CarpusTensors

/// `Y` has the elements of `X` as a matrix: the extents before `axis` multiplied, and those from `axis` on.
///
/// - Operands: `X`, any type and shape.
/// - Throws: when `axis` is not one of `-rank … rank`.
public struct Flatten: Reshaping {
  public static let signature = OperatorSignature("Flatten", operands: 1...1, numerics: .moves, gradient: .defined)
  private let axis: Int

  public init(_ node: inout NodeReader) throws(OperatorError) { axis = try node.int("axis") ?? 1 }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0)
    guard let extents = x.shape.extents else { return [ValueType(x.elementType, .unknown(rank: 2))] }
    guard axis >= -extents.count, axis <= extents.count else {
      throw .attribute("axis \(axis) does not divide the axes of a tensor of rank \(extents.count)")
    }
    let first = axis < 0 ? axis + extents.count : axis
    let rows = PartialShape(Array(extents[..<first])).shape?.count, columns = PartialShape(Array(extents[first...])).shape?.count
    return [ValueType(x.elementType, [rows, columns])]
  }
}
