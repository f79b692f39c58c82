import CCarpusPNG

extension PNG {
  /// The image in the bytes of a PNG file: grey, palette, RGB, with or without opacity, 1 to 16 bits, interlaced or not.
  ///
  /// - Throws: `PNGError` when the bytes are no PNG file, end early, have a wrong checksum, or announce more than
  ///   `maximumPixelCount` pixels or more than could come out of them. Memory is taken only after those checks.
  public static func read(
    _ bytes: [UInt8], maximumPixelCount: Int = PNG.maximumPixelCount
  ) throws(PNGError) -> PNGImage {
    guard bytes.starts(with: signature) else { throw .notPNG }
    let (header, palette) = try header(of: bytes)
    let size = PixelSize(width: Int(header.width), height: Int(header.height))
    guard size.count <= maximumPixelCount else { throw .tooManyPixels(size, maximum: maximumPixelCount) }
    guard let layout = PNGLayout(colorType: Int(header.color_type)), layout.channels == Int(header.channels) else {
      throw .damaged(reason: "its colour type \(header.color_type) does not exist")
    }
    let storedBytes = size.count * layout.channels * Int(header.bit_depth) / 8
    guard storedBytes / largestDeflateRatio <= bytes.count else { throw .tooFewBytes(size, byteCount: bytes.count) }

    let samples = try samples(of: bytes, count: size.count * layout.channels)
    if layout == .palette, let largest = samples.max(), Int(largest) >= palette.count {
      throw .noSuchColor(index: Int(largest), colorCount: palette.count)
    }
    let transparent = [header.transparent_sample.0, header.transparent_sample.1, header.transparent_sample.2]
    return PNGImage(
      size: size, layout: layout, bitDepth: Int(header.bit_depth), samples: samples, palette: palette,
      transparentSample: header.has_transparent_sample == 0 ? nil : Array(transparent.prefix(layout.channels)))
  }

  /// Deflate codes at most 258 bytes in 2 bits. Source: RFC 1951, 3.2.5.
  private static let largestDeflateRatio = 1032

  private static func header(of bytes: [UInt8]) throws(PNGError) -> (cpng_header, palette: [PNGColor]) {
    var header = cpng_header()
    var colors = [UInt8](repeating: 0, count: CPNG_PALETTE_SIZE)
    var message = PNG.emptyMessage
    let isRead = unsafe cpng_read_header(bytes, bytes.count, &header, &colors, &message)
    guard isRead != 0 else { throw .damaged(reason: PNG.text(of: message)) }
    let entries = stride(from: 0, to: 4 * Int(header.palette_count), by: 4)
    return (header, entries.map { PNGColor(red: colors[$0], green: colors[$0 + 1], blue: colors[$0 + 2], alpha: colors[$0 + 3]) })
  }

  private static func samples(of bytes: [UInt8], count: Int) throws(PNGError) -> [UInt16] {
    var samples = [UInt16](repeating: 0, count: count)
    var message = PNG.emptyMessage
    let isRead = unsafe cpng_read_samples(bytes, bytes.count, &samples, count, &message)
    guard isRead != 0 else { throw .damaged(reason: PNG.text(of: message)) }
    return samples
  }

  static var emptyMessage: [CChar] { [CChar](repeating: 0, count: CPNG_MESSAGE_SIZE) }

  /// The sentence that the C side left, without the zeros behind it.
  static func text(of message: [CChar]) -> String {
    String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
