import CCarpusKernels

/// A function of two numbers.
public enum BinaryFunction: Sendable, Hashable, CaseIterable {
  case add, subtract, multiply, divide
  /// a to the power of b.
  case power
  /// The smaller; NaN if either is NaN.
  case minimum
  /// The larger; NaN if either is NaN.
  case maximum

  var code: ck_binary_function {
    switch self {
    case .add: ck_binary_add
    case .subtract: ck_binary_sub
    case .multiply: ck_binary_mul
    case .divide: ck_binary_div
    case .power: ck_binary_pow
    case .minimum: ck_binary_min
    case .maximum: ck_binary_max
    }
  }
}

/// A comparison of two numbers; with NaN all are false.
public enum Comparison: Sendable, Hashable, CaseIterable {
  case equal, less, lessOrEqual, greater, greaterOrEqual

  var code: ck_comparison_function {
    switch self {
    case .equal: ck_comparison_equal
    case .less: ck_comparison_less
    case .lessOrEqual: ck_comparison_less_or_equal
    case .greater: ck_comparison_greater
    case .greaterOrEqual: ck_comparison_greater_or_equal
    }
  }
}

extension Kernels {
  /// y = f(a, b), with broadcasting.
  ///
  /// - Precondition: the spans have the counts of the broadcast's operands and result.
  public static func apply<T: KernelScalar>(
    _ function: BinaryFunction, _ a: Span<T>, _ b: Span<T>, _ broadcast: Broadcast, into y: inout MutableSpan<T>, team: ThreadTeam
  ) {
    precondition(broadcast.operands.map(\.count) == [a.count, b.count] && broadcast.result.count == y.count)
    let code = broadcast.code, left = Source(a), right = Source(b), target = Target(&y)
    team.forEachChunk(of: y.count, grain: elementGrain) { range in
      var code = code
      unsafe ck_binary(
        team.isa, T.kernelType, function.code, &code, left.start, right.start, target.start, range.lowerBound, range.upperBound)
    }
  }

  /// y = whether a and b compare so, with broadcasting.
  ///
  /// - Precondition: the spans have the counts of the broadcast's operands and result.
  public static func compare<T: KernelScalar>(
    _ comparison: Comparison, _ a: Span<T>, _ b: Span<T>, _ broadcast: Broadcast, into y: inout MutableSpan<Bool>, team: ThreadTeam
  ) {
    precondition(broadcast.operands.map(\.count) == [a.count, b.count] && broadcast.result.count == y.count)
    let code = broadcast.code, left = Source(a), right = Source(b), target = Target(&y)
    team.forEachChunk(of: y.count, grain: elementGrain) { range in
      var code = code
      unsafe ck_compare(
        team.isa, T.kernelType, comparison.code, &code, left.start, right.start,
        target.start?.assumingMemoryBound(to: UInt8.self), range.lowerBound, range.upperBound)
    }
  }

  /// y = condition ? a : b, with broadcasting, for elements of every type.
  ///
  /// - Precondition: the spans have the counts of the broadcast's three operands (condition, a, b) and result.
  public static func select<T: TensorElement>(
    _ condition: Span<Bool>, _ a: Span<T>, _ b: Span<T>, _ broadcast: Broadcast, into y: inout MutableSpan<T>, team: ThreadTeam
  ) {
    precondition(broadcast.operands.map(\.count) == [condition.count, a.count, b.count] && broadcast.result.count == y.count)
    let code = broadcast.code, choice = Source(condition), left = Source(a), right = Source(b), target = Target(&y)
    team.forEachChunk(of: y.count, grain: elementGrain) { range in
      var code = code
      unsafe ck_select(
        &code, choice.start?.assumingMemoryBound(to: UInt8.self), left.start, right.start, target.start, range.lowerBound,
        range.upperBound, T.elementType.byteCount)
    }
  }
}
