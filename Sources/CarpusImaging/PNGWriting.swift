import CCarpusPNG

extension PNG {
  /// A PNG file with 8 bits in a sample, without text, dates or profiles.
  ///
  /// - Parameter samples: height × width × channels values, row by row with interleaved channels.
  /// - Precondition: as many samples as the size and the layout need, and no palette.
  /// - Throws: `PNGError.notWritten` for an image without pixels or too large for the format.
  public static func encode(_ samples: [UInt8], layout: PNGLayout, size: PixelSize) throws(PNGError) -> [UInt8] {
    try encode(samples, layout: layout, bitDepth: 8, size: size)
  }

  /// A grey PNG file with 16 bits in a sample, without text, dates or profiles.
  ///
  /// - Precondition: as many samples as the size needs.
  /// - Throws: `PNGError.notWritten` for an image without pixels or too large for the format.
  public static func encode(grey samples: [UInt16], size: PixelSize) throws(PNGError) -> [UInt8] {
    try encode(samples, layout: .grey, bitDepth: 16, size: size)
  }

  private static func encode(
    _ samples: [some BitwiseCopyable], layout: PNGLayout, bitDepth: Int, size: PixelSize
  ) throws(PNGError) -> [UInt8] {
    guard size.width > 0, size.height > 0, let width = UInt32(exactly: size.width), let height = UInt32(exactly: size.height)
    else { throw .notWritten(reason: "\(size) pixels cannot be stored") }
    precondition(layout != .palette && samples.count == size.count * layout.channels)
    var out: UnsafeMutablePointer<UInt8>?
    var count = 0
    var message = PNG.emptyMessage
    let isWritten = unsafe cpng_write(
      width, height, Int32(bitDepth), Int32(layout.colorType), samples, &out, &count, &message)
    guard isWritten != 0 else { throw .notWritten(reason: PNG.text(of: message)) }
    defer { unsafe cpng_free(out) }
    return unsafe [UInt8](UnsafeBufferPointer(start: out, count: count))
  }
}
