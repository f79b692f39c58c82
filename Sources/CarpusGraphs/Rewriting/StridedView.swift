import CarpusTensors

/// The elements of a value, axis by axis, as they lie in another one.
///
/// An axis may be in several parts, each with a stride of its own: the rows of a window are one axis of two parts of the plane.
struct StridedView: Equatable {
  struct Part: Equatable {
    var count, stride: Int
  }

  private(set) var offset = 0
  /// The parts of each axis, outermost first; parts of one element are left out.
  private(set) var axes: [[Part]]

  /// A value as it lies in itself.
  init(_ shape: Shape) {
    axes = zip(shape.extents, shape.strides).map { $0 > 1 ? [Part(count: $0, stride: $1)] : [] }
  }

  /// The same elements in another tensor, in which the axes of the one that they lie in, of this shape, have these strides.
  ///
  /// - Returns: `nil` where a part does not run along axes of that shape.
  func moved(from shape: Shape, strides: [Int], offset: Int) -> StridedView? {
    guard shape.count > 0 else { return nil }
    let own = shape.strides
    var used = shape.extents.indices.map { self.offset / own[$0] % shape[$0] }
    var result = self
    result.offset = offset + zip(used, strides).reduce(0) { $0 + $1.0 * $1.1 }
    for (index, parts) in axes.enumerated() {
      var moved: [Part] = []
      for part in parts.reversed() {
        var rest = part
        while rest.count > 1 {
          guard let axis = shape.extents.indices.first(where: { own[$0] <= rest.stride && rest.stride < own[$0] * shape[$0] }),
            rest.stride % own[axis] == 0
          else { return nil }
          let step = rest.stride / own[axis]
          var count = rest.count
          if step * count > shape[axis] {
            count = shape[axis] / step
            guard shape[axis] % step == 0, rest.count % count == 0 else { return nil }
          }
          moved.append(Part(count: count, stride: step * strides[axis]))
          used[axis] += step * (count - 1)
          rest = Part(count: rest.count / count, stride: own[axis] * shape[axis])
        }
      }
      result.axes[index] = Self.joined(moved.filter { $0.count > 1 }.reversed())
    }
    return zip(used, shape.extents).allSatisfy { $0 < $1 } ? result : nil
  }

  /// Neighbouring parts become one where they are like one.
  private static func joined(_ parts: [Part]) -> [Part] {
    parts.reduce(into: []) { joined, part in
      if let last = joined.last, last.stride == part.stride * part.count {
        joined[joined.count - 1] = Part(count: last.count * part.count, stride: part.stride)
      } else {
        joined.append(part)
      }
    }
  }

  /// The last two axes as matrices, one for each position of the others; `nil` where one of them is in several parts.
  ///
  /// - Parameter isTransposed: the last axis counts rows.
  func matrices(isTransposed: Bool = false) -> MatrixStack? {
    guard axes.count >= 2, axes.suffix(2).allSatisfy({ $0.count <= 1 }) else { return nil }
    // An axis of one element has no next: any stride is as good.
    let strides = axes.suffix(2).map { $0.first?.stride ?? 1 }
    guard strides.allSatisfy({ $0 >= 0 }) else { return nil }
    var offsets = [offset]
    for part in axes.dropLast(2).joined() {
      offsets = offsets.flatMap { first in (0..<part.count).map { first + $0 * part.stride } }
    }
    guard offsets.allSatisfy({ $0 >= 0 }) else { return nil }
    return isTransposed
      ? MatrixStack(offsets: offsets, rowStride: strides[1], columnStride: strides[0])
      : MatrixStack(offsets: offsets, rowStride: strides[0], columnStride: strides[1])
  }
}

extension Graph {
  /// Where the elements of a result of a node that only moves them stand in its first operand: what the axes' strides are there, and
  /// where the first element is.
  func placement(of node: Node, result number: Int) -> (strides: [Int], offset: Int)? {
    guard node.operator is Transpose || node.operator is Slice || node.operator is Split || node.operator is Gather,
      let viewing = node.operator as? any Viewing, let x = node.operands[0], let from = type(of: x).staticShape,
      let to = type(of: node.results[number]).staticShape,
      let views = viewing.views(ofOperand: 0, node.operands.map { info($0) }, result: to, number: number)
    else { return nil }
    var strides = [Int](repeating: 0, count: to.rank), offset = 0
    for (axis, view) in views.enumerated() {
      switch view {
      case .window(let target, let step, let first, _):
        guard let step = Int(exactly: step), let first = Int(exactly: first) else { return nil }
        strides[target] += step * from.strides[axis]
        offset += first * from.strides[axis]
      case .regrouped(let targets):
        // One position of the axis, and so no axis of the result.
        guard node.operator is Gather, targets.isEmpty, let index = node.operands[1].flatMap(constant)?.integers?.first else { return nil }
        offset += (index < 0 ? index + from[axis] : index) * from.strides[axis]
      case .all: return nil
      }
    }
    return (strides, offset)
  }

  /// Where the elements of the first operand of a transposition go.
  func destination(of node: Node) -> [Int]? {
    guard let transpose = node.operator as? Transpose, let shape = type(of: node.results[0]).staticShape,
      let views = transpose.views(ofOperand: 0, node.operands.map { info($0) }, result: shape, number: 0)
    else { return nil }
    var strides: [Int] = []
    for view in views {
      guard case .window(let axis, _, _, _) = view else { return nil }
      strides.append(shape.strides[axis])
    }
    return strides
  }
}
