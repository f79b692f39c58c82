import CarpusTensors

/// Which scale and zero point each element of a tensor has: one for all, one for each position along `axis`, or one for each block of
/// positions along `axis`.
struct QuantizationGrid: Sendable {
  private let axis: Int
  /// Positions that share a scale; 0 where there are no blocks.
  private let blockSize: Int

  init(_ node: inout NodeReader) throws(OperatorError) {
    axis = try node.int("axis") ?? 1
    blockSize = try node.int("block_size") ?? 0
    guard blockSize >= 0 else { throw .attribute("attribute block_size must not be negative: \(blockSize)") }
  }

  /// One for each position along an axis, or one for all.
  init(axis: Int) {
    self.axis = axis
    blockSize = 0
  }

  /// - Throws: when the scales do not fit `x`, as far as the shapes are known.
  func check(_ x: PartialShape, scale: PartialShape, zeroPoint: PartialShape?) throws(OperatorError) {
    if let zeroPoint, !zeroPoint.agrees(with: scale) {
      let counts = [zeroPoint, scale].map { $0.shape?.count }
      guard counts == [1, 1] else { throw .operands("the zero point must have the shape of the scale, \(scale), not \(zeroPoint)") }
    }
    guard let x = x.shape, let scale = scale.shape else { return }
    _ = try places(x, scale: scale)
  }

  /// Where the scale of an element lies.
  func places(_ x: Shape, scale: Shape) throws(OperatorError) -> QuantizationPlaces {
    if scale.count == 1, scale.rank <= 1 || blockSize == 0 { return QuantizationPlaces(outer: 1, extent: 1, inner: x.count) }
    let axis = try Axes.resolved(axis, rank: x.rank)
    let outer = x.extents.prefix(axis).reduce(1, *), inner = x.extents.dropFirst(axis + 1).reduce(1, *), extent = x[axis]
    if blockSize == 0 {
      guard scale.rank == 1, scale[0] == extent else {
        throw .operands("\(scale) scales do not fit axis \(axis) of \(x); in blocks they need the attribute block_size")
      }
      return QuantizationPlaces(outer: outer, extent: extent, inner: inner, axisStride: 1)
    }
    let blocks = extent / blockSize + (extent % blockSize == 0 ? 0 : 1)
    var expected = x.extents
    expected[axis] = blocks
    guard scale.extents == expected else {
      throw .operands("blocks of \(blockSize) along axis \(axis) of \(x) have \(Shape(expected)) scales, not \(scale)")
    }
    return QuantizationPlaces(
      outer: outer, extent: extent, inner: inner, outerStride: blocks * inner, axisStride: inner, innerStride: 1, blockSize: blockSize)
  }
}

/// A tensor as outer × extent × inner, and where the scales of its elements lie.
struct QuantizationPlaces {
  let outer, extent, inner: Int
  var outerStride = 0, axisStride = 0, innerStride = 0, blockSize = 1

  /// Calls `body` with the index of every element, in order, and that of its scale.
  func forEach(_ body: (_ element: Int, _ scale: Int) -> Void) {
    var element = 0
    for row in 0..<outer {
      for position in 0..<extent {
        var scale = row * outerStride + position / blockSize * axisStride
        for _ in 0..<inner {
          body(element, scale)
          element += 1
          scale += innerStride
        }
      }
    }
  }
}
