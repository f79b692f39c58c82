import CCarpusKernels

/// Pooling in the blocked layout; `planes` are images times blocks.
extension Kernels {
  /// The largest value in each window, as `maxPool`.
  public static func maxPoolBlocked(
    _ x: Span<Float>, planes: Int, window: SlidingWindow, into y: inout MutableSpan<Float>, team: ThreadTeam
  ) {
    let source = Source(x), target = Target(&y)
    forEachPlane(planes, window, inputs: x.count, outputs: y.count, team) { code, input, output in
      var code = code
      let rows = code.output_height
      unsafe ck_pool_maximum(team.isa, &code, source.floats(input), target.floats(output), 0, rows)
    }
  }

  /// The mean over each window, as `averagePool`.
  public static func averagePoolBlocked(
    _ x: Span<Float>, planes: Int, window: SlidingWindow, countingPadding: Bool, into y: inout MutableSpan<Float>, team: ThreadTeam
  ) {
    let source = Source(x), target = Target(&y), ends = window.padsEnd
    forEachPlane(planes, window, inputs: x.count, outputs: y.count, team) { code, input, output in
      var code = code
      let rows = code.output_height
      unsafe ck_pool_mean(team.isa, &code, countingPadding, ends[0], ends[1], source.floats(input), target.floats(output), 0, rows)
    }
  }

  /// The vector-Jacobian product of `maxPoolBlocked` at `x`: each seed goes to the first largest element of its window.
  public static func maxPoolGradientBlocked(
    seed: Span<Float>, at x: Span<Float>, planes: Int, window: SlidingWindow, into y: inout MutableSpan<Float>, team: ThreadTeam
  ) {
    precondition(y.count == x.count)
    let source = Source(x), seeds = Source(seed), target = Target(&y)
    forEachPlane(planes, window, inputs: x.count, outputs: seed.count, team) { code, input, output in
      var code = code
      unsafe ck_pool_maximum_gradient(team.isa, &code, seeds.floats(output), source.floats(input), target.floats(input))
    }
  }

  /// The vector-Jacobian product of `averagePoolBlocked`.
  public static func averagePoolGradientBlocked(
    seed: Span<Float>, planes: Int, window: SlidingWindow, countingPadding: Bool, into y: inout MutableSpan<Float>, team: ThreadTeam
  ) {
    let seeds = Source(seed), target = Target(&y), ends = window.padsEnd
    forEachPlane(planes, window, inputs: y.count, outputs: seed.count, team) { code, input, output in
      var code = code
      unsafe ck_pool_mean_gradient(team.isa, &code, countingPadding, ends[0], ends[1], seeds.floats(output), target.floats(input))
    }
  }

  /// - Parameter body: Gets where a plane begins in the input and in the output.
  private static func forEachPlane(
    _ count: Int, _ window: SlidingWindow, inputs: Int, outputs: Int, _ team: ThreadTeam, _ body: @Sendable (ck_planes, Int, Int) -> Void
  ) {
    let width = BlockedPlanes.width
    precondition(inputs == count * width * window.inputCount && outputs == count * width * window.outputCount && count > 0)
    guard let code = Convolution(batch: 1, inputChannels: 1, outputChannels: 1, window: window)?.planes else {
      preconditionFailure("two spatial axes")
    }
    forEachPlane(count, window.inputCount, team) { body(code, $0 * width * window.inputCount, $0 * width * window.outputCount) }
  }
}
