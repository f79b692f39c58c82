import CCarpusKernels

/// An index that lies outside the axis it selects from.
public struct IndexOutOfRange: Error, Sendable, Hashable {
  /// Which of the indices it is.
  public let position: Int
  public let index: Int64
  /// The extent of the axis.
  public let extent: Int

  public init(position: Int, index: Int64, extent: Int) {
    self.position = position
    self.index = index
    self.extent = extent
  }
}

extension Kernels {
  /// Copies an array of the given extents from one place and stride pattern to another: transposition, slicing, expansion (a source stride
  /// of 0), padding, joining. Offsets, strides and extents count elements of `elementSize` bytes; strides may be negative.
  ///
  /// - Precondition: the arrays have equal lengths, elements have 1, 2, 4, 8 or 16 bytes, and all elements lie inside the spans.
  public static func copyStrided(
    _ source: RawSpan, sourceOffset: Int = 0, sourceStrides: [Int], into target: inout MutableRawSpan, targetOffset: Int = 0,
    targetStrides: [Int], extents: [Int], elementSize: Int, team: ThreadTeam
  ) {
    precondition([1, 2, 4, 8, 16].contains(elementSize))
    precondition(extents.count == sourceStrides.count && extents.count == targetStrides.count)
    if extents.contains(0) { return }
    precondition(reach(sourceOffset, sourceStrides, extents, fitsIn: source.byteCount / elementSize))
    precondition(reach(targetOffset, targetStrides, extents, fitsIn: target.byteCount / elementSize))
    let axes = joinedAxes(extents, sourceStrides, targetStrides)
    let from = Source(source).advanced(bytes: sourceOffset * elementSize)
    let to = Target(&target).advanced(bytes: targetOffset * elementSize)
    // One task copies some rows of the `rows` axis with all axes inside it; the axes outside it count tasks.
    var row = max(axes.count - 2, 0), inside = axes.count > 1 ? axes[axes.count - 1].extent : 1
    while row > 0, axes.count - row < Int(CK_MAX_RANK), inside * axes[row].extent <= elementGrain {
      inside *= axes[row].extent
      row -= 1
    }
    let outer = Array(axes[..<row]), rows = axes[row], rest = Array(axes[row...]), grain = max(16, elementGrain / max(inside, 1))
    let parts = (rows.extent + grain - 1) / grain
    team.run(tasks: outer.reduce(parts) { $0 * $1.extent }) { task, _ in
      let first = task % parts * grain
      var index = task / parts, sourceShift = first * rows.source, targetShift = first * rows.target
      for axis in outer.reversed() {
        let coordinate = index % axis.extent
        index /= axis.extent
        sourceShift += coordinate * axis.source
        targetShift += coordinate * axis.target
      }
      var extents = rest.map(\.extent)
      extents[0] = min(grain, rows.extent - first)
      unsafe ck_copy_strided(
        from.advanced(bytes: sourceShift * elementSize).start, rest.map(\.source),
        to.advanced(bytes: targetShift * elementSize).start, rest.map(\.target), extents, rest.count, elementSize)
    }
  }

  /// The same for spans of elements.
  public static func copyStrided<T: TensorElement>(
    _ source: Span<T>, sourceOffset: Int = 0, sourceStrides: [Int], into target: inout MutableSpan<T>, targetOffset: Int = 0,
    targetStrides: [Int], extents: [Int], team: ThreadTeam
  ) {
    var bytes = unsafe target.mutableBytes
    unsafe copyStrided(
      source.bytes, sourceOffset: sourceOffset, sourceStrides: sourceStrides, into: &bytes, targetOffset: targetOffset,
      targetStrides: targetStrides, extents: extents, elementSize: T.elementType.byteCount, team: team)
  }

  private struct Axis: Sendable { var extent, source, target: Int }

  /// The axes without those of extent 1, neighbours that continue each other joined; at least one.
  private static func joinedAxes(_ extents: [Int], _ source: [Int], _ target: [Int]) -> [Axis] {
    var axes: [Axis] = []
    for index in extents.indices where extents[index] != 1 {
      let axis = Axis(extent: extents[index], source: source[index], target: target[index])
      if let last = axes.last, last.source == axis.source * axis.extent, last.target == axis.target * axis.extent {
        axes[axes.count - 1] = Axis(extent: last.extent * axis.extent, source: axis.source, target: axis.target)
      } else {
        axes.append(axis)
      }
    }
    return axes.isEmpty ? [Axis(extent: 1, source: 1, target: 1)] : axes
  }

  private static func reach(_ offset: Int, _ strides: [Int], _ extents: [Int], fitsIn count: Int) -> Bool {
    var low = offset, high = offset
    for (stride, extent) in zip(strides, extents) {
      precondition(extent > 0)
      let (span, tooLong) = stride.multipliedReportingOverflow(by: extent - 1)
      let (moved, tooFar) = (span < 0 ? low : high).addingReportingOverflow(span)
      if tooLong || tooFar { return false }
      if span < 0 { low = moved } else { high = moved }
    }
    return low >= 0 && high < count
  }

  /// Picks slices along the middle axis of `source`, outer × extent × inner bytes: the result is outer × indices × inner bytes. A negative
  /// index counts from the end.
  ///
  /// - Precondition: the byte counts are the products of the extents.
  public static func gather(
    _ source: RawSpan, outer: Int, extent: Int, innerByteCount: Int, indices: Span<Int64>, into target: inout MutableRawSpan,
    team: ThreadTeam
  ) throws(IndexOutOfRange) {
    precondition(source.byteCount == outer * extent * innerByteCount)
    precondition(target.byteCount == outer * indices.count * innerByteCount)
    var places: [Int] = []
    places.reserveCapacity(indices.count)
    for position in indices.indices {
      let index = indices[position]
      guard index >= -Int64(extent), index < Int64(extent) else {
        throw IndexOutOfRange(position: position, index: index, extent: extent)
      }
      places.append(Int(index < 0 ? index + Int64(extent) : index))
    }
    guard innerByteCount > 0 else { return }
    let from = Source(source), to = Target(&target), chosen = places
    team.forEachChunk(of: outer * chosen.count, grain: elementGrain * 4 / innerByteCount) { range in
      for row in range {
        let (part, position) = row.quotientAndRemainder(dividingBy: chosen.count)
        guard
          let piece = unsafe from.advanced(bytes: (part * extent + chosen[position]) * innerByteCount).start,
          let place = unsafe to.advanced(bytes: row * innerByteCount).start
        else { return }
        unsafe place.copyMemory(from: piece, byteCount: innerByteCount)
      }
    }
  }

  /// The same for spans of elements: `source` is outer × extent × inner.
  public static func gather<T: TensorElement>(
    _ source: Span<T>, outer: Int, extent: Int, inner: Int, indices: Span<Int64>, into target: inout MutableSpan<T>, team: ThreadTeam
  ) throws(IndexOutOfRange) {
    var bytes = unsafe target.mutableBytes
    try unsafe gather(
      source.bytes, outer: outer, extent: extent, innerByteCount: inner * T.elementType.byteCount, indices: indices, into: &bytes,
      team: team)
  }

  /// Sets every element to `value`.
  public static func fill<T: TensorElement>(_ target: inout MutableSpan<T>, with value: T, team: ThreadTeam) {
    let to = Target(&target)
    team.forEachChunk(of: target.count, grain: elementGrain) { range in
      var element = value
      unsafe ck_fill(to.advanced(range.lowerBound, T.self).start, &element, range.count, T.elementType.byteCount)
    }
  }
}
