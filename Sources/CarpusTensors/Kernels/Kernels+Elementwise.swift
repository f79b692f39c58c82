import CCarpusKernels

extension Kernels {
  /// Elements that one thread takes at a time.
  static let elementGrain = 32_768

  /// y[i] = f(x[i]).
  ///
  /// - Precondition: x and y have the same count.
  public static func apply<T: KernelScalar>(
    _ function: UnaryFunction, to x: Span<T>, into y: inout MutableSpan<T>, team: ThreadTeam
  ) {
    precondition(x.count == y.count)
    let (code, p, q) = function.code
    let source = Source(x), target = Target(&y)
    team.forEachChunk(of: x.count, grain: elementGrain) { range in
      unsafe ck_unary(
        team.isa, T.kernelType, code, source.advanced(range.lowerBound, T.self).start,
        target.advanced(range.lowerBound, T.self).start, range.count, p, q)
    }
  }

  /// y[i] = f(y[i]).
  public static func apply<T: KernelScalar>(_ function: UnaryFunction, inPlace y: inout MutableSpan<T>, team: ThreadTeam) {
    let (code, p, q) = function.code
    let target = Target(&y)
    team.forEachChunk(of: y.count, grain: elementGrain) { range in
      let part = target.advanced(range.lowerBound, T.self)
      unsafe ck_unary(team.isa, T.kernelType, code, part.start, part.start, range.count, p, q)
    }
  }

  /// result[i] = seed[i] f'(x[i]).
  ///
  /// - Precondition: all have the same count.
  public static func applyGradient<T: KernelScalar>(
    of function: UnaryGradient, seed: Span<T>, at x: Span<T>, into result: inout MutableSpan<T>, team: ThreadTeam
  ) {
    precondition(seed.count == x.count && x.count == result.count)
    let (code, p, q) = function.code
    let s = Source(seed), source = Source(x), target = Target(&result)
    team.forEachChunk(of: x.count, grain: elementGrain) { range in
      unsafe ck_unary_gradient(
        team.isa, T.kernelType, code, s.advanced(range.lowerBound, T.self).start,
        source.advanced(range.lowerBound, T.self).start, target.advanced(range.lowerBound, T.self).start, range.count, p, q)
    }
  }
}
