import CCarpusKernels

extension Kernels {
  /// The largest value in each window, for `planes` planes (batch · channels). Padding is never the largest: a window that sees
  /// nothing else gives -∞. A window with a NaN gives NaN, as in PyTorch.
  ///
  /// - Precondition: `x` has planes · input elements, `y` has planes · output.
  public static func maxPool<T: KernelScalar>(
    _ x: Span<T>, planes: Int, window: SlidingWindow, into y: inout MutableSpan<T>, team: ThreadTeam
  ) {
    precondition(x.count == planes * window.inputCount && y.count == planes * window.outputCount)
    maxPool(Source(x), planes: planes, window: window, into: Target(&y), indices: nil, T.self, team: team)
  }

  /// The same, and where each value was found: the place of the first largest value (of the first NaN, if there is one) in `x`, counted
  /// row-major over all planes; -1 for a window that sees padding alone.
  ///
  /// - Precondition: `x` has planes · input elements, `y` and `indices` have planes · output.
  public static func maxPool<T: KernelScalar>(
    _ x: Span<T>, planes: Int, window: SlidingWindow, into y: inout MutableSpan<T>, indices: inout MutableSpan<Int64>,
    team: ThreadTeam
  ) {
    precondition(x.count == planes * window.inputCount && y.count == planes * window.outputCount && indices.count == y.count)
    maxPool(Source(x), planes: planes, window: window, into: Target(&y), indices: Target(&indices), T.self, team: team)
  }

  private static func maxPool<T: KernelScalar>(
    _ x: Source, planes: Int, window: SlidingWindow, into y: Target, indices: Target?, _ type: T.Type, team: ThreadTeam
  ) {
    let code = window.code
    team.forEachChunk(of: planes, grain: planeGrain(window)) { range in
      var code = code
      unsafe ck_max_pool(
        team.isa, T.kernelType, &code, x.start, y.start, indices?.start?.assumingMemoryBound(to: Int64.self), range.lowerBound,
        range.upperBound)
    }
  }

  /// The vector-Jacobian product of `maxPool`: each seed goes to the first largest value of its window in row-major order.
  ///
  /// - Precondition: `seed` has planes · output elements, `x` and `result` have planes · input.
  public static func maxPoolGradient<T: KernelScalar>(
    seed: Span<T>, at x: Span<T>, planes: Int, window: SlidingWindow, into result: inout MutableSpan<T>, team: ThreadTeam
  ) {
    precondition(x.count == planes * window.inputCount && seed.count == planes * window.outputCount && result.count == x.count)
    let code = window.code, s = Source(seed), source = Source(x), target = Target(&result)
    team.forEachChunk(of: planes, grain: planeGrain(window)) { range in
      var code = code
      unsafe ck_max_pool_gradient(
        team.isa, T.kernelType, &code, s.start, source.start, target.start, range.lowerBound, range.upperBound)
    }
  }

  /// The mean over each window. With `countingPadding` the divisor counts the taps inside the padded input (not those beyond its end,
  /// which rounding the output extent up can reach), otherwise those inside the input; 0 where there is none.
  ///
  /// - Precondition: `x` has planes · input elements, `y` has planes · output.
  public static func averagePool<T: KernelScalar>(
    _ x: Span<T>, planes: Int, window: SlidingWindow, countingPadding: Bool, into y: inout MutableSpan<T>, team: ThreadTeam
  ) {
    precondition(x.count == planes * window.inputCount && y.count == planes * window.outputCount)
    let code = window.code, source = Source(x), target = Target(&y)
    team.forEachChunk(of: planes, grain: planeGrain(window)) { range in
      var code = code
      unsafe ck_average_pool(
        team.isa, T.kernelType, &code, countingPadding, source.start, target.start, range.lowerBound, range.upperBound)
    }
  }

  /// The vector-Jacobian product of `averagePool`.
  ///
  /// - Precondition: `seed` has planes · output elements, `result` has planes · input.
  public static func averagePoolGradient<T: KernelScalar>(
    seed: Span<T>, planes: Int, window: SlidingWindow, countingPadding: Bool, into result: inout MutableSpan<T>, team: ThreadTeam
  ) {
    precondition(seed.count == planes * window.outputCount && result.count == planes * window.inputCount)
    let code = window.code, s = Source(seed), target = Target(&result)
    team.forEachChunk(of: planes, grain: planeGrain(window)) { range in
      var code = code
      unsafe ck_average_pool_gradient(
        team.isa, T.kernelType, &code, countingPadding, s.start, target.start, range.lowerBound, range.upperBound)
    }
  }

  private static func planeGrain(_ window: SlidingWindow) -> Int {
    max(1, elementGrain / max(window.inputCount, window.outputCount, 1))
  }
}
