import CarpusTensors

/// What the elements of a result see of an operand along one of its axes.
enum AxisView: Hashable, Sendable {
  /// The element at position `o` of an axis of the result sees the positions `o · stride + first … o · stride + last`.
  case window(axis: Int, stride: Double, first: Double, last: Double)
  /// Each element sees one position, but not the one of its own number: positions are counted along these axes of the result.
  case regrouped(axes: Set<Int>)
  /// Each element sees every position.
  case all

  /// Position for position.
  static func same(_ axis: Int) -> AxisView { .window(axis: axis, stride: 1, first: 0, last: 0) }
  /// Position `o` sees position `o + offset`.
  static func shifted(_ axis: Int, by offset: Int) -> AxisView {
    .window(axis: axis, stride: 1, first: Double(offset), last: Double(offset))
  }
}

/// An operator of which is known what its results see of its operands: what receptive fields are made of.
protocol Viewing: Operator {
  /// For each axis of an operand, what result `number` sees along it.
  ///
  /// - Parameters:
  ///   - index: of an operand that is a tensor of known shape.
  ///   - result: the shape of the result.
  /// - Returns: `nil` where it is not known.
  func views(ofOperand index: Int, _ operands: [OperandInfo], result: Shape, number: Int) -> [AxisView]?
}

/// An operator whose results see, position for position, what is at the same place of the operands, which broadcast.
protocol Pointwise: Viewing {}

extension Pointwise {
  func views(ofOperand index: Int, _ operands: [OperandInfo], result: Shape, number: Int) -> [AxisView]? {
    operands.shape(index).map { Self.broadcast($0, to: result) }
  }
}

extension Viewing {
  /// Shapes are aligned at their last axis; one position that is stretched is no longer that of the same number.
  static func broadcast(_ shape: Shape, to result: Shape) -> [AxisView] {
    let missing = result.rank - shape.rank
    return shape.extents.enumerated().map { axis, extent in
      let target = axis + missing
      guard target >= 0, extent == result[target] else { return .regrouped(axes: []) }
      return .same(target)
    }
  }

  /// The elements in the same order, in another shape: axes that are joined or divided are counted in another way.
  static func reshaped(_ shape: Shape, to result: Shape) -> [AxisView]? {
    guard shape.count == result.count, shape.count > 0 else { return nil }
    var views = [AxisView](repeating: .regrouped(axes: []), count: shape.rank)
    // Axes of extent 1 say nothing; the others fall into groups of equal products.
    var from = shape.extents.indices.filter { shape[$0] > 1 }[...], to = result.extents.indices.filter { result[$0] > 1 }[...]
    while let first = from.first, let second = to.first {
      var left = [first], right = [second], a = shape[first], b = result[second]
      from.removeFirst()
      to.removeFirst()
      while a != b {
        if a < b, let next = from.popFirst() {
          left.append(next)
          a *= shape[next]
        } else if b < a, let next = to.popFirst() {
          right.append(next)
          b *= result[next]
        } else {
          return nil
        }
      }
      for axis in left { views[axis] = left.count == 1 && right.count == 1 ? .same(right[0]) : .regrouped(axes: Set(right)) }
    }
    return views
  }
}
