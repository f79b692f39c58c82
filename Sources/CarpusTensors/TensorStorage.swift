import CCarpusKernels

/// A block of memory, aligned to 64 bytes and zero at first, that tensors lie in.
///
/// `@unchecked Sendable`: whoever makes a storage fills it before sharing it; afterwards it is only read. The
/// arena of a workspace is the one exception, and a workspace is not `Sendable`.
@safe package final class TensorStorage: @unchecked Sendable {
  package static let alignment = 64
  private let base: UnsafeMutableRawPointer
  package let byteCount: Int
  /// Gives back memory that is not ours; `nil` for our own.
  private let release: (@Sendable () -> Void)?

  /// - Precondition: the memory can be had.
  package init(byteCount: Int) {
    precondition(byteCount >= 0)
    guard let memory = unsafe ck_allocate(byteCount) else { preconditionFailure("out of memory: \(byteCount) bytes") }
    self.byteCount = byteCount
    unsafe base = memory
    release = nil
  }

  /// Memory that somebody else has filled, and that nobody writes.
  ///
  /// - Parameter release: called when the last tensor in it is gone.
  @unsafe package init(reading memory: UnsafeMutableRawPointer, byteCount: Int, release: @escaping @Sendable () -> Void) {
    self.byteCount = byteCount
    unsafe base = memory
    self.release = release
  }

  deinit {
    if let release { release() } else { unsafe ck_free(base) }
  }

  @_lifetime(borrow self)
  package func span<Element: TensorElement>(of type: Element.Type, offset: Int, count: Int) -> Span<Element> {
    let pointer = unsafe elements(type, offset: offset, count: count)
    return unsafe _overrideLifetime(Span(_unsafeElements: UnsafeBufferPointer(pointer)), borrowing: self)
  }

  package func array<Element: TensorElement>(of type: Element.Type, offset: Int, count: Int) -> [Element] {
    unsafe Array(elements(type, offset: offset, count: count))
  }

  /// Writable elements. Only for whoever is filling the storage.
  @_lifetime(borrow self)
  package func mutableSpan<Element: TensorElement>(of type: Element.Type, offset: Int, count: Int) -> MutableSpan<Element> {
    let pointer = unsafe elements(type, offset: offset, count: count)
    return unsafe _overrideLifetime(MutableSpan(_unsafeElements: pointer), borrowing: self)
  }

  @_lifetime(borrow self)
  package func rawSpan(offset: Int, byteCount: Int) -> RawSpan {
    precondition(offset >= 0 && byteCount >= 0 && offset + byteCount <= self.byteCount)
    let buffer = unsafe UnsafeRawBufferPointer(start: base + offset, count: byteCount)
    return unsafe _overrideLifetime(RawSpan(_unsafeBytes: buffer), borrowing: self)
  }

  /// Writable bytes. Only for whoever is filling the storage.
  @_lifetime(borrow self)
  package func mutableRawSpan(offset: Int, byteCount: Int) -> MutableRawSpan {
    precondition(offset >= 0 && byteCount >= 0 && offset + byteCount <= self.byteCount)
    let buffer = unsafe UnsafeMutableRawBufferPointer(start: base + offset, count: byteCount)
    return unsafe _overrideLifetime(MutableRawSpan(_unsafeBytes: buffer), borrowing: self)
  }

  package func fill(from bytes: RawSpan) { fill(from: bytes, at: 0) }

  package func fill<Element: TensorElement>(from elements: Span<Element>) { unsafe fill(from: elements.bytes) }

  /// Copies `bytes` to `offset`.
  package func fill(from bytes: RawSpan, at offset: Int) {
    precondition(offset >= 0 && offset + bytes.byteCount <= byteCount)
    guard bytes.byteCount > 0 else { return }
    unsafe bytes.withUnsafeBytes { unsafe (base + offset).copyMemory(from: $0.baseAddress!, byteCount: $0.count) }
  }

  private func elements<Element: TensorElement>(_ type: Element.Type, offset: Int, count: Int) -> UnsafeMutableBufferPointer<Element> {
    let size = MemoryLayout<Element>.stride
    precondition(offset >= 0 && count >= 0 && offset % size == 0 && offset + count * size <= byteCount)
    return unsafe UnsafeMutableBufferPointer(start: (base + offset).assumingMemoryBound(to: Element.self), count: count)
  }
}
