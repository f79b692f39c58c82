import CarpusTensors

/// An operator that finds the place of an extremum along an axis.
protocol ExtremumPlacing: Operator {
  static var extremum: ExtremalPlace.Extremum { get }
  var place: ExtremalPlace { get }
  init(place: ExtremalPlace)
}

extension ExtremumPlacing {
  public init(_ node: inout NodeReader) throws(OperatorError) { self.init(place: try ExtremalPlace(of: Self.extremum, &node)) }

  public func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] { try place.resultTypes(for: operands) }

  public func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    try place.evaluate(operands, into: &results)
  }

  /// A place does not change with the elements.
  public func pullback(_ step: Step, _ seeds: [Value?], in graph: inout GraphBuilder) -> [Value?] { [nil] }
}

/// What `ArgMax` and `ArgMin` have in common: the place of an extremum along an axis.
struct ExtremalPlace: Sendable {
  enum Extremum: String, Sendable { case largest, smallest }

  private let extremum: Extremum
  private let axis: Int
  private let keepsAxis: Bool
  private let takesLast: Bool

  init(of extremum: Extremum, _ node: inout NodeReader) throws(OperatorError) {
    self.extremum = extremum
    axis = try node.int("axis") ?? 0
    keepsAxis = try node.flag("keepdims", default: true)
    takesLast = node.opset < 12 ? false : try node.flag("select_last_index", default: false)
  }

  func resultTypes(for operands: [OperandInfo]) throws(OperatorError) -> [ValueType] {
    let x = try operands.tensor(0)
    guard x.elementType != .bool else { throw .operands("truth values are no numbers") }
    guard var extents = x.shape.extents else { return [ValueType(.int64, .unknown)] }
    let axis = try Axes.resolved(self.axis, rank: extents.count)
    guard extents[axis] != 0 else { throw .operands("axis \(axis) of \(x.shape) has no elements, so none is the \(extremum)") }
    if keepsAxis { extents[axis] = 1 } else { extents.remove(at: axis) }
    return [ValueType(.int64, PartialShape(extents))]
  }

  func evaluate(_ operands: borrowing Operands, into results: inout Results) throws(OperatorError) {
    let x = operands[0]
    let axis = try Axes.resolved(self.axis, rank: x.shape.rank)
    if let type = x.elementType.kernelType { return search(type, x, axis, into: &results) }
    if let type = x.elementType.integerType { return search(type, x, axis, into: &results) }
    throw .operands("\(x.elementType) elements are not compared")
  }

  private func search<T: TensorElement & Comparable>(_ type: T.Type, _ x: Tensor, _ axis: Int, into results: inout Results) {
    let values = x.elements(T.self), count = x.shape[axis]
    let inner = x.shape.extents.dropFirst(axis + 1).reduce(1, *)
    var y = results.elements(0, as: Int64.self)
    for place in y.indices {
      let first = place / inner * count * inner + place % inner
      var best = 0, extreme = values[first]
      for index in 1..<max(count, 1) {
        let value = values[first + index * inner]
        // A NaN differs from itself.
        let isBeyond = (extremum == .largest ? value > extreme : value < extreme) || (value != value && extreme == extreme)
        let isEqual = value == extreme || (value != value && extreme != extreme)
        if isBeyond || (takesLast && isEqual) { (best, extreme) = (index, value) }
      }
      y[place] = Int64(best)
    }
  }
}
