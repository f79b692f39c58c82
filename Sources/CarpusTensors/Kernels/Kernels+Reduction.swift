import CCarpusKernels

/// What becomes of the values along the reduced axis. Sums and products are accumulated in double.
public enum Reduction: Sendable, Hashable, CaseIterable {
  /// 0 of nothing.
  case sum
  /// NaN of nothing.
  case mean
  /// NaN if any value is NaN; -∞ of nothing.
  case maximum
  /// NaN if any value is NaN; ∞ of nothing.
  case minimum
  /// 1 of nothing.
  case product
  /// Σ|x|
  case l1
  /// √Σx²
  case l2
  /// Σx²
  case sumOfSquares

  var code: ck_reduction_function {
    switch self {
    case .sum: ck_reduction_sum
    case .mean: ck_reduction_mean
    case .maximum: ck_reduction_max
    case .minimum: ck_reduction_min
    case .product: ck_reduction_product
    case .l1: ck_reduction_l1
    case .l2: ck_reduction_l2
    case .sumOfSquares: ck_reduction_sum_of_squares
    }
  }
}

extension Kernels {
  /// Reduces the middle axis of `x`, outer × reduced × inner; `y` is outer × inner.
  ///
  /// - Precondition: the counts are the products of the extents.
  public static func reduce<T: KernelScalar>(
    _ reduction: Reduction, _ x: Span<T>, outer: Int, reduced: Int, inner: Int, into y: inout MutableSpan<T>, team: ThreadTeam
  ) {
    precondition(outer >= 0 && reduced >= 0 && inner >= 0 && x.count == outer * reduced * inner && y.count == outer * inner)
    let source = Source(x), target = Target(&y)
    forEachPart(outer: outer, reduced: reduced, inner: inner, team: team) { rows, columns in
      unsafe ck_reduce(
        team.isa, T.kernelType, reduction.code, source.start, target.start, rows.lowerBound, rows.upperBound, reduced, inner,
        columns.lowerBound, columns.upperBound)
    }
  }

  /// Softmax along the middle axis of `x`, outer × count × inner: exp(x - m) / Σ exp(x - m), m the largest x.
  ///
  /// - Precondition: the counts of both spans are the product of the extents.
  public static func softmax<T: KernelScalar>(
    _ x: Span<T>, outer: Int, count: Int, inner: Int, into y: inout MutableSpan<T>, team: ThreadTeam
  ) { softmax(logarithm: false, x, outer: outer, count: count, inner: inner, into: &y, team: team) }

  /// The logarithm of softmax along the middle axis: x - m - log Σ exp(x - m).
  ///
  /// - Precondition: the counts of both spans are the product of the extents.
  public static func logSoftmax<T: KernelScalar>(
    _ x: Span<T>, outer: Int, count: Int, inner: Int, into y: inout MutableSpan<T>, team: ThreadTeam
  ) { softmax(logarithm: true, x, outer: outer, count: count, inner: inner, into: &y, team: team) }

  private static func softmax<T: KernelScalar>(
    logarithm: Bool, _ x: Span<T>, outer: Int, count: Int, inner: Int, into y: inout MutableSpan<T>, team: ThreadTeam
  ) {
    precondition(outer >= 0 && count >= 0 && inner >= 0 && x.count == outer * count * inner && y.count == x.count)
    let source = Source(x), target = Target(&y)
    forEachPart(outer: outer, reduced: count, inner: inner, team: team) { rows, columns in
      unsafe ck_softmax(
        team.isa, T.kernelType, logarithm, source.start, target.start, rows.lowerBound, rows.upperBound, count, inner,
        columns.lowerBound, columns.upperBound)
    }
  }

  /// Shares outer × inner results among the threads: blocks of rows where the rows are short, of columns where they are long.
  private static func forEachPart(
    outer: Int, reduced: Int, inner: Int, team: ThreadTeam, _ body: @Sendable (_ rows: Range<Int>, _ columns: Range<Int>) -> Void
  ) {
    let width = 1024
    if inner <= width {
      team.forEachChunk(of: outer, grain: elementGrain / max(reduced * inner, 1)) { body($0, 0..<inner) }
    } else {
      let blocks = (inner + width - 1) / width
      team.run(tasks: outer * blocks) { task, _ in
        let row = task / blocks, column = task % blocks * width
        body(row..<row + 1, column..<min(inner, column + width))
      }
    }
  }
}
