public import CarpusTensors

/// `Y` has the extents `shape`, and everywhere the only element of `value` (float32 0 by default).
///
/// - Operands: `shape` int64 `[rank]`.
/// - Throws: when an extent is negative, or the result does not fit into memory.
public struct ConstantOfShape: Operator {
  public static let signature = OperatorSignature("ConstantOfShape", since: 9, operands: 1...1, numerics: .moves, gradient: .stops)
  private let value: Tensor

  public init(_ node: inout NodeReader) throws(OperatorError) {
    value = try node.tensor("value") ?? Tensor(scalar: Float(0))
    guard value.shape.count == 1 else { throw .attribute("attribute value must have one element, not \(value.shape.count)") }
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    switch try operands.integerList(0, or: nil) {
    case .absent: throw .operands("the shape is missing")
    case .later(let rank): return [ValueType(value.elementType, rank.map { .unknown(rank: $0) } ?? .unknown)]
    case .known(let extents):
      guard extents.allSatisfy({ $0 >= 0 }) else { throw .operands("\(extents) is no shape: an extent is negative") }
      return [try Movement.resultType(value.elementType, extents)]
    }
  }

  // MARK: Writing

  /// The node that gives a tensor of which all elements are the same.
  public static func written(filling tensor: Tensor) -> WrittenNode {
    WrittenNode("ConstantOfShape", ["value": .tensor(tensor.reshaped([tensor.shape.count, 1]).part(0))], since: 9)
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) { results.fill(with: value) }

  // MARK: Gradient

  /// The result does not depend on anything that has a gradient.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil] }
}
