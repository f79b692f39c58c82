import CarpusTensors

/// `Z` is a sequence of maps, one for each row of `X`, from the classes to the elements of the row.
///
/// - Operands: `X`, float32 `[N, E]`, or `[E]` for one row.
/// - Throws: when there are not as many classes as columns.
public struct ZipMap: Operator {
  public static let signature = OperatorSignature("ZipMap", domain: "ai.onnx.ml", operands: 1...1, numerics: .exact, gradient: .undefined)
  private let labels: ClassLabels

  public init(_ node: inout NodeReader) throws(OperatorError) { labels = try ClassLabels(&node, integers: "classlabels_int64s") }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0, of: [.float32])
    _ = try Features.extents(operands)
    if let extents = x.shape.extents, let last = extents.last ?? 1, last != labels.count {
      throw .operands("X has \(last) columns, and there are \(labels.count) classes")
    }
    return [.sequence(.map(key: labels.elementType, value: ValueType(.float32, Shape([]))))]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) {
    let x = operands[0], keys = labels.tensor
    let rows = x.shape.rank == 1 ? [x] : (0..<x.shape[0]).map(x.part)
    let type = ValueType.map(key: labels.elementType, value: ValueType(.float32, Shape([])))
    results.set(0, .sequence(rows.map { .map(keys: keys, values: $0) }, of: type))
  }

  // MARK: Gradient

  /// A map is no tensor; gradients start at one.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) throws(OperatorError) -> [Value?] {
    throw .notDifferentiable("a map of scores is not differentiated; its operand is")
  }
}
