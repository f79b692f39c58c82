public import CarpusTensors

/// Multidirectional broadcasting, as in NumPy: shapes are aligned at their last axis; an extent of 1 stretches.
public enum Broadcasting {
  /// The common shape of two operands.
  ///
  /// An extent that is not known is taken from the other operand if that is not 1.
  ///
  /// - Throws: `OperatorError.operands` when two extents differ and neither is 1.
  public static func shape(_ a: PartialShape, _ b: PartialShape) throws(OperatorError) -> PartialShape {
    guard let left = a.extents, let right = b.extents else { return .unknown }
    let rank = max(left.count, right.count)
    var result: [Int?] = []
    for axis in 0..<rank {
      let x: Int? = axis < rank - left.count ? 1 : left[axis - rank + left.count]
      let y: Int? = axis < rank - right.count ? 1 : right[axis - rank + right.count]
      switch (x, y) {
      case (let x?, let y?):
        guard x == y || x == 1 || y == 1 else { throw .operands("shapes \(a) and \(b) do not broadcast: \(x) against \(y)") }
        result.append(x == 1 ? y : x)
      case (let x?, nil): result.append(x == 1 ? nil : x)
      case (nil, let y?): result.append(y == 1 ? nil : y)
      case (nil, nil): result.append(nil)
      }
    }
    return PartialShape(result)
  }

  /// Strides that read a tensor of `shape` as if it had the shape `target`: 0 along stretched axes.
  ///
  /// - Precondition: `shape` broadcasts to `target`.
  public static func strides(of shape: Shape, in target: Shape) -> [Int] {
    let missing = target.rank - shape.rank
    let strides = shape.strides
    return target.extents.indices.map { axis in
      axis < missing || shape[axis - missing] == 1 ? 0 : strides[axis - missing]
    }
  }
}

extension GraphBuilder {
  /// Sums a gradient over the axes along which an operand of `shape` was stretched, so that it gets that shape.
  public mutating func summed(_ gradient: Value, to shape: Shape) throws(OperatorError) -> Value {
    guard let from = type(of: gradient).staticShape else {
      throw .notDifferentiable("the shape of a gradient depends on data")
    }
    guard from != shape else { return gradient }
    let missing = from.rank - shape.rank
    let axes = from.extents.indices.filter { $0 < missing || (shape[$0 - missing] == 1 && from[$0] != 1) }
    let summed = axes.isEmpty ? gradient : try add(ReduceSum(axes: axes, keepsAxes: true), gradient)
    return try reshaped(summed, to: shape)
  }
}
