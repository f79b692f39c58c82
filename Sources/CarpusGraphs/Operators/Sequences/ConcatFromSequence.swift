import CarpusTensors

/// The tensors of a sequence joined along `axis`, or stacked along a new axis there (`new_axis` 1).
///
/// - Operands: a sequence of tensors of one element type, whose shapes agree but for `axis`.
/// - Throws: when the sequence is empty, or shapes do not agree.
public struct ConcatFromSequence: Composed {
  public static let signature = OperatorSignature("ConcatFromSequence", since: 11, operands: 1...1, numerics: .exact, gradient: .defined)
  private let axis: Int
  private let isNew: Bool

  public init(_ node: inout NodeReader) throws(OperatorError) {
    axis = try node.int(required: "axis")
    isNew = try node.flag("new_axis", default: false)
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    guard let element = try operands.sequence(0).tensor else { throw .operands("only tensors are joined") }
    guard let elements = operands.knownSequence(0) else { return [ValueType(element.elementType, .unknown)] }
    let tensors = elements.compactMap(\.tensor)
    guard let first = tensors.first else { throw .operands("an empty sequence cannot be joined") }
    let rank = first.shape.rank
    if isNew {
      guard tensors.allSatisfy({ $0.shape == first.shape }) else { throw .operands("only tensors of one shape can be stacked") }
      var extents = first.shape.extents
      extents.insert(tensors.count, at: try Axes.resolved(axis, rank: rank + 1))
      return [try Movement.resultType(first.elementType, extents)]
    }
    return try Concat(axis: Axes.resolved(axis, rank: rank)).resultTypes(for: tensors.map { OperandInfo($0) })
  }

  public func composed(
    _ operands: [Value?], _ infos: [OperandInfo], results: Int, in graph: inout GraphBuilder
  ) throws(OperatorError) -> [Value]? {
    guard let elements = graph.elements(of: operands[0]), let first = elements.first else { return nil }
    guard let rank = graph.type(of: first).tensor?.shape.rank else { return nil }
    if isNew { return [try graph.stacked(elements, axis: Axes.resolved(axis, rank: rank + 1))] }
    return try graph.add(Concat(axis: Axes.resolved(axis, rank: rank)), elements, results: 1)
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    var tensors = operands.sequence(0).compactMap(\.tensor)
    guard let first = tensors.first else { throw .operands("an empty sequence cannot be joined") }
    let rank = first.shape.rank + (isNew ? 1 : 0), axis = try Axes.resolved(axis, rank: rank)
    if isNew {
      for index in tensors.indices {
        var extents = tensors[index].shape.extents
        extents.insert(1, at: axis)
        tensors[index] = tensors[index].reshaped(Shape(extents))
      }
    }
    if tensors[0].elementType == .string { throw .unsupported("texts in a sequence cannot be joined here") }
    try Concat(axis: axis).evaluate(Operands(tensors.map(RunValue.tensor)), into: &results)
  }

  // MARK: Gradient

  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    throw SequenceConstruct.unknownElements
  }
}
