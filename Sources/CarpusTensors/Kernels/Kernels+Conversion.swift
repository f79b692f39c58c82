import CCarpusKernels

extension ElementType {
  /// `nil` for the types that no kernel reads.
  var code: ck_element? {
    switch self {
    case .float32: ck_element_float32
    case .float64: ck_element_float64
    case .float16: ck_element_float16
    case .bfloat16: ck_element_bfloat16
    case .int8: ck_element_int8
    case .int16: ck_element_int16
    case .int32: ck_element_int32
    case .int64: ck_element_int64
    case .uint8: ck_element_uint8
    case .uint16: ck_element_uint16
    case .uint32: ck_element_uint32
    case .uint64: ck_element_uint64
    case .bool: ck_element_boolean
    default: nil
    }
  }
}

extension Kernels {
  /// Converts elements of one type to another. A real number becomes an integer by cutting off its fraction; beyond the integers' range it
  /// becomes the nearest of them, and NaN becomes 0 (ONNX leaves both open). An integer becomes a shorter one by its low bits. float16
  /// and bfloat16 are rounded to nearest even. Everything but 0 is `true`.
  ///
  /// - Precondition: both spans hold the same number of whole elements, aligned for their type; the types are real numbers of at least 8
  ///   bits, or truth values.
  public static func convert(
    _ x: RawSpan, of source: ElementType, into y: inout MutableRawSpan, as target: ElementType, team: ThreadTeam
  ) {
    let count = x.byteCount / source.byteCount
    precondition(x.byteCount == count * source.byteCount && y.byteCount == count * target.byteCount)
    guard let sourceCode = source.code, let targetCode = target.code else { preconditionFailure("no kernel converts \(source) to \(target)") }
    let from = Source(x), to = Target(&y)
    team.forEachChunk(of: count, grain: elementGrain) { range in
      unsafe ck_convert(
        team.isa, sourceCode, from.advanced(bytes: range.lowerBound * source.byteCount).start, targetCode,
        to.advanced(bytes: range.lowerBound * target.byteCount).start, range.count)
    }
  }

  /// The same for spans whose types are known.
  public static func convert<From: TensorElement, To: TensorElement>(_ x: Span<From>, into y: inout MutableSpan<To>, team: ThreadTeam) {
    precondition(x.count == y.count)
    var bytes = unsafe y.mutableBytes
    unsafe convert(x.bytes, of: From.elementType, into: &bytes, as: To.elementType, team: team)
  }
}
