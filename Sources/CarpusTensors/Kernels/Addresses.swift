/// Where the elements of a span begin. It is made from a parameter of a kernel and used before the kernel returns,
/// while the parameter keeps the memory alive.
@safe struct Source: @unchecked Sendable {
  let start: UnsafeRawPointer?

  init<Element: BitwiseCopyable>(_ span: Span<Element>) { unsafe start = span.withUnsafeBytes { $0.baseAddress } }
  init(_ span: RawSpan) { unsafe start = span.withUnsafeBytes { $0.baseAddress } }

  init?<Element: BitwiseCopyable>(_ span: Span<Element>?) {
    guard let span else { return nil }
    self.init(span)
  }

  init(_ start: UnsafeRawPointer?) { unsafe self.start = start }

  /// The address so many bytes further.
  func advanced(bytes: Int) -> Source { unsafe Source(start.map { unsafe $0 + bytes }) }
  func advanced<Element>(_ count: Int, _ type: Element.Type) -> Source { advanced(bytes: count * MemoryLayout<Element>.stride) }
}

/// The same of a span that is written. Tasks that share one write different elements.
@safe struct Target: @unchecked Sendable {
  let start: UnsafeMutableRawPointer?

  init<Element: BitwiseCopyable>(_ span: inout MutableSpan<Element>) {
    unsafe start = span.withUnsafeMutableBytes { $0.baseAddress }
  }
  init(_ span: inout MutableRawSpan) { unsafe start = span.withUnsafeMutableBytes { $0.baseAddress } }
  init(_ start: UnsafeMutableRawPointer?) { unsafe self.start = start }

  func advanced(bytes: Int) -> Target { unsafe Target(start.map { unsafe $0 + bytes }) }
  func advanced<Element>(_ count: Int, _ type: Element.Type) -> Target { advanced(bytes: count * MemoryLayout<Element>.stride) }

  var source: Source { unsafe Source(UnsafeRawPointer(start)) }
}
