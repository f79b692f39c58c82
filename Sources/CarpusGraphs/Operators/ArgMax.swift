import CarpusTensors

/// `Y` is the place of the largest `X` along an axis: the first of equals, or the last with `select_last_index` 1. NaN is the largest.
///
/// - Operands: `X`, numbers.
/// - Results: `Y`, int64.
public struct ArgMax: Operator {
  public static let signature = OperatorSignature("ArgMax", operands: 1...1, gradient: .stops)
  private let axis: Int
  private let keepsAxis: Bool
  private let takesLast: Bool

  public init(_ node: inout NodeReader) throws(OperatorError) {
    axis = try node.int("axis") ?? 0
    keepsAxis = try node.flag("keepdims", default: true)
    takesLast = try node.flag("select_last_index", default: false)
  }

  // MARK: Shape

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0)
    guard x.elementType != .bool else { throw .operands("truth values are no numbers") }
    guard var extents = x.shape.extents else { return [ValueType(.int64, .unknown)] }
    let axis = try Axes.resolved(self.axis, rank: extents.count)
    guard extents[axis] != 0 else { throw .operands("axis \(axis) of \(x.shape) has no elements, so none is the largest") }
    if keepsAxis { extents[axis] = 1 } else { extents.remove(at: axis) }
    return [ValueType(.int64, PartialShape(extents))]
  }

  // MARK: Kernel

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let x = operands[0]
    let axis = try Axes.resolved(self.axis, rank: x.shape.rank)
    switch x.elementType {
    case .float32: search(Float.self, x, axis, into: &results)
    case .float64: search(Double.self, x, axis, into: &results)
    case .int8: search(Int8.self, x, axis, into: &results)
    case .int16: search(Int16.self, x, axis, into: &results)
    case .int32: search(Int32.self, x, axis, into: &results)
    case .int64: search(Int64.self, x, axis, into: &results)
    case .uint8: search(UInt8.self, x, axis, into: &results)
    case .uint16: search(UInt16.self, x, axis, into: &results)
    case .uint32: search(UInt32.self, x, axis, into: &results)
    case .uint64: search(UInt64.self, x, axis, into: &results)
    case .float16, .bfloat16, .bool: throw .operands("\(x.elementType) elements are not compared")
    }
  }

  private func search<T: TensorElement & Comparable>(_ type: T.Type, _ x: Tensor, _ axis: Int, into results: inout Results) {
    let values = x.elements(T.self), count = x.shape[axis]
    let inner = x.shape.extents.dropFirst(axis + 1).reduce(1, *)
    var y = results.elements(0, as: Int64.self)
    for place in y.indices {
      let first = place / inner * count * inner + place % inner
      var best = 0, largest = values[first]
      for index in 1..<max(count, 1) {
        let value = values[first + index * inner]
        // A NaN differs from itself.
        let isLarger = value > largest || (value != value && largest == largest)
        let isEqual = value == largest || (value != value && largest != largest)
        if isLarger || (takesLast && isEqual) { (best, largest) = (index, value) }
      }
      y[place] = Int64(best)
    }
  }

  // MARK: Gradient

  /// A place does not change with the elements.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil] }
}
