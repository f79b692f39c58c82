import CCarpusKernels

extension Kernels {
  /// Each row of `x`, rows × count: (x - mean) / √(variance + epsilon) · gamma + beta, the variance without Bessel's correction.
  ///
  /// - Precondition: `x` and `y` have rows · count elements, `gamma` and `beta` (1 and 0 where `nil`) have `count`.
  public static func layerNormalization<T: KernelScalar>(
    _ x: Span<T>, gamma: Span<T>?, beta: Span<T>?, epsilon: Double, rows: Int, count: Int, into y: inout MutableSpan<T>,
    team: ThreadTeam
  ) {
    precondition(rows >= 0 && count >= 0 && x.count == rows * count && y.count == x.count)
    precondition((gamma?.count ?? count) == count && (beta?.count ?? count) == count)
    let source = Source(x), target = Target(&y), factors = Source(gamma), offsets = Source(beta)
    team.forEachChunk(of: rows, grain: elementGrain / max(count, 1)) { range in
      let start = range.lowerBound * count
      unsafe ck_layer_normalization(
        team.isa, T.kernelType, source.advanced(start, T.self).start, factors?.start, offsets?.start, epsilon,
        target.advanced(start, T.self).start, range.count, count)
    }
  }

  /// The vector-Jacobian product of `layerNormalization` with respect to `x`.
  ///
  /// - Precondition: `seed`, `x` and `result` have rows · count elements, `gamma` (1 where `nil`) has `count`.
  public static func layerNormalizationGradient<T: KernelScalar>(
    seed: Span<T>, at x: Span<T>, gamma: Span<T>?, epsilon: Double, rows: Int, count: Int, into result: inout MutableSpan<T>,
    team: ThreadTeam
  ) {
    precondition(rows >= 0 && count >= 0 && x.count == rows * count && seed.count == x.count && result.count == x.count)
    precondition((gamma?.count ?? count) == count)
    let s = Source(seed), source = Source(x), target = Target(&result), factors = Source(gamma)
    team.forEachChunk(of: rows, grain: elementGrain / max(count, 1)) { range in
      let start = range.lowerBound * count
      unsafe ck_layer_normalization_gradient(
        team.isa, T.kernelType, s.advanced(start, T.self).start, source.advanced(start, T.self).start, factors?.start, epsilon,
        target.advanced(start, T.self).start, range.count, count)
    }
  }

  /// y = x · scale[c] + offset[c] for `x`, batch × channels × inner: batch normalization with constant statistics.
  ///
  /// - Precondition: `x` and `y` have batch · channels · inner elements, `scale` and `offset` have `channels`.
  public static func scaleChannels<T: KernelScalar>(
    _ x: Span<T>, scale: Span<T>, offset: Span<T>, batch: Int, channels: Int, inner: Int, into y: inout MutableSpan<T>,
    team: ThreadTeam
  ) {
    precondition(batch >= 0 && channels >= 0 && inner >= 0 && x.count == batch * channels * inner && y.count == x.count)
    precondition(scale.count == channels && offset.count == channels)
    let source = Source(x), target = Target(&y), factors = Source(scale), offsets = Source(offset)
    team.forEachChunk(of: batch * channels, grain: elementGrain / max(inner, 1)) { range in
      unsafe ck_scale_channels(
        team.isa, T.kernelType, source.start, factors.start, offsets.start, target.start, channels, inner, range.lowerBound,
        range.upperBound)
    }
  }
}
