/// An image file without compression: where its samples lie.
struct EncodedImage {
  let width, height: Int
  private let bytes: [UInt8]
  /// Where each row begins.
  private let rows: [Int]
  private let layout: Layout

  private enum Layout {
    /// Bytes between pixels, and the places of red, green and blue among them.
    case bytes(stride: Int, red: Int, green: Int, blue: Int)
    /// Numbers of colours, of so many bits, the upper ones first.
    case palette(bits: Int, colours: [(UInt8, UInt8, UInt8)])
    /// Numbers in decimal notation, in the order of the pixels, for those of so many samples.
    case samples([UInt8], perPixel: Int)
  }

  /// - Throws: a sentence that names the format, if it is not one that is read here.
  init(_ bytes: [UInt8]) throws(OperatorError) {
    func begins(_ start: [UInt8], at place: Int = 0) -> Bool { bytes.dropFirst(place).starts(with: start) }
    if begins(Array("BM".utf8)) {
      self = try Self.bitmap(bytes)
    } else if bytes.count > 2, bytes[0] == UInt8(ascii: "P"), (49...54).contains(bytes[1]) {
      self = try Self.portable(bytes)
    } else if begins([0x49, 0x49, 42, 0]) || begins([0x4D, 0x4D, 0, 42]) {
      self = try Self.tagged(bytes)
    } else {
      let name =
        begins([0x89, 0x50, 0x4E, 0x47]) ? "PNG" : begins([0xFF, 0xD8]) ? "JPEG"
        : begins(Array("RIFF".utf8)) && begins(Array("WEBP".utf8), at: 8) ? "WebP"
        : begins([0xFF, 0x4F, 0xFF, 0x51]) || begins(Array("jP".utf8), at: 4) ? "JPEG 2000" : begins(Array("GIF8".utf8)) ? "GIF" : nil
      throw .unsupported(
        "\(name.map { "\($0) images are" } ?? "an image of a format that is not known is") not decoded in a graph; uncompressed BMP, PNM and "
          + "TIFF are. Give the pixels to the graph instead")
    }
  }

  /// - Precondition: the pixel is in the image.
  func pixel(_ row: Int, _ column: Int) -> (UInt8, UInt8, UInt8) {
    switch layout {
    case .bytes(let stride, let red, let green, let blue):
      let place = rows[row] + column * stride
      return (bytes[place + red], bytes[place + green], bytes[place + blue])
    case .palette(let bits, let colours):
      let byte = bytes[rows[row] + column * bits / 8], shift = 8 - bits - column * bits % 8
      let number = Int(byte >> UInt8(shift)) & (1 << bits - 1)
      return number < colours.count ? colours[number] : (0, 0, 0)
    case .samples(let samples, let count):
      let place = (row * width + column) * count
      return (samples[place], samples[place + count / 2], samples[place + count - 1])
    }
  }

  // MARK: Layout

  /// - Throws: when the rows do not lie within the file.
  private init(
    _ bytes: [UInt8], width: Int, height: Int, layout: Layout, rowBytes: Int, row: (Int) -> Int?
  ) throws(OperatorError) {
    guard (1...1 << 20).contains(width), (1...1 << 20).contains(height) else { throw Self.damaged("its size is \(width) × \(height)") }
    var rows: [Int] = []
    for index in 0..<height {
      guard let start = row(index), start >= 0, start <= bytes.count, bytes.count - start >= rowBytes else {
        throw Self.damaged("it ends before row \(index) of \(height)")
      }
      rows.append(start)
    }
    self.width = width
    self.height = height
    self.bytes = bytes
    self.rows = rows
    self.layout = layout
  }

  private static func damaged(_ what: String) -> OperatorError { .operands("the image file is damaged: \(what)") }

  private static func refused(_ what: String) -> OperatorError { .unsupported("\(what) are not decoded in a graph") }

  // MARK: BMP

  private static func bitmap(_ bytes: [UInt8]) throws(OperatorError) -> EncodedImage {
    let reader = ByteReader(bytes)
    guard let start = reader.number(10, 4), let header = reader.number(14, 4) else { throw damaged("it has no header") }
    guard header >= 40, let width = reader.signed(18), let signedHeight = reader.signed(22), let bits = reader.number(28, 2),
      let compression = reader.number(30, 4), let used = reader.number(46, 4)
    else { throw refused("BMP images of OS/2") }
    guard compression == 0 else { throw refused("compressed BMP images") }
    guard (1...1 << 20).contains(width), abs(signedHeight) <= 1 << 20 else { throw damaged("its size is \(width) × \(signedHeight)") }
    let layout: Layout
    switch bits {
    case 24, 32: layout = .bytes(stride: bits / 8, red: 2, green: 1, blue: 0)
    case 1, 4, 8:
      let colours = (0..<min(used == 0 ? 1 << bits : used, 1 << bits)).map { number -> (UInt8, UInt8, UInt8) in
        let place = 14 + header + 4 * number
        return place + 3 <= bytes.count ? (bytes[place + 2], bytes[place + 1], bytes[place]) : (0, 0, 0)
      }
      layout = .palette(bits: bits, colours: colours)
    default: throw refused("BMP images of \(bits) bits")
    }
    let rowBytes = (width * bits + 7) / 8, step = (width * bits + 31) / 32 * 4, height = abs(signedHeight)
    return try EncodedImage(bytes, width: width, height: height, layout: layout, rowBytes: rowBytes) {
      start + (signedHeight < 0 ? $0 : height - 1 - $0) * step
    }
  }

  // MARK: PNM

  private static func portable(_ bytes: [UInt8]) throws(OperatorError) -> EncodedImage {
    let kind = Int(bytes[1]) - 48, isBitmap = kind == 1 || kind == 4, count = kind == 3 || kind == 6 ? 3 : 1
    var place = 2
    func number(digits: Int = 9) -> Int? {
      while place < bytes.count, bytes[place] == UInt8(ascii: "#") || bytes[place] == 32 || (9...13).contains(bytes[place]) {
        if bytes[place] == UInt8(ascii: "#") { while place < bytes.count, bytes[place] != 10 { place += 1 } } else { place += 1 }
      }
      var value: Int?, left = digits
      while place < bytes.count, (48...57).contains(bytes[place]), left > 0 {
        value = (value ?? 0) * 10 + Int(bytes[place]) - 48
        place += 1
        left -= 1
      }
      return value
    }
    guard let width = number(), let height = number(), let largest = isBitmap ? 1 : number() else { throw damaged("it has no header") }
    guard isBitmap || largest == 255 else { throw refused("portable images with samples up to \(largest), not 255,") }
    guard (1...1 << 20).contains(width), (1...1 << 20).contains(height) else { throw damaged("its size is \(width) × \(height)") }
    if kind <= 3 {
      // Each sample takes a byte of the file at least.
      guard width * height <= bytes.count else { throw damaged("it ends too early") }
      var samples: [UInt8] = []
      for _ in 0..<width * height * count {
        guard let value = number(digits: isBitmap ? 1 : 9), value <= largest else { throw damaged("it ends too early, or a sample is too large") }
        samples.append(isBitmap ? (value == 1 ? 0 : 255) : UInt8(value))
      }
      return try EncodedImage(bytes, width: width, height: height, layout: .samples(samples, perPixel: count), rowBytes: 0) { _ in 0 }
    }
    let start = place + 1, rowBytes = isBitmap ? (width + 7) / 8 : width * count
    let layout = isBitmap
      ? Layout.palette(bits: 1, colours: [(255, 255, 255), (0, 0, 0)]) : .bytes(stride: count, red: 0, green: count / 2, blue: count - 1)
    return try EncodedImage(bytes, width: width, height: height, layout: layout, rowBytes: rowBytes) { start + $0 * rowBytes }
  }

  // MARK: TIFF

  private static func tagged(_ bytes: [UInt8]) throws(OperatorError) -> EncodedImage {
    let reader = ByteReader(bytes, isBigEndian: bytes[0] == 0x4D)
    guard let directory = reader.number(4, 4), let count = reader.number(directory, 2) else { throw damaged("it has no directory") }
    var tags: [Int: [Int]] = [:]
    for entry in 0..<count {
      let place = directory + 2 + 12 * entry
      guard let tag = reader.number(place, 2), let kind = reader.number(place + 2, 2), let length = reader.number(place + 4, 4) else {
        throw damaged("its directory is cut off")
      }
      guard [256, 257, 258, 259, 262, 273, 277, 278, 284].contains(tag), tags[tag] == nil, let size = [1: 1, 3: 2, 4: 4][kind] else { continue }
      guard length <= bytes.count, let start = length * size <= 4 ? place + 8 : reader.number(place + 8, 4) else { throw damaged("tag \(tag)") }
      var values: [Int] = []
      for index in 0..<length {
        guard let value = reader.number(start + index * size, size) else { throw damaged("tag \(tag) is cut off") }
        values.append(value)
      }
      tags[tag] = values
    }
    guard let width = tags[256]?.first, let height = tags[257]?.first, let starts = tags[273] else {
      throw refused("TIFF images without strips")
    }
    let samples = tags[277]?.first ?? 1, photometric = tags[262]?.first ?? 1
    guard tags[259]?.first ?? 1 == 1 else { throw refused("compressed TIFF images") }
    guard (tags[258] ?? [1]).allSatisfy({ $0 == 8 }), tags[284]?.first ?? 1 == 1 else {
      throw refused("TIFF images with other than 8 bits per sample, or with their colours apart,")
    }
    guard photometric == 2 && samples >= 3 || photometric == 1 && samples >= 1, samples <= 8 else {
      throw refused("TIFF images of photometric interpretation \(photometric) with \(samples) samples")
    }
    guard (1...1 << 20).contains(width), (1...1 << 20).contains(height) else { throw damaged("its size is \(width) × \(height)") }
    let rowBytes = width * samples, perStrip = min(max(tags[278]?.first ?? height, 1), height)
    let isColour = photometric == 2
    return try EncodedImage(
      bytes, width: width, height: height, layout: .bytes(stride: samples, red: 0, green: isColour ? 1 : 0, blue: isColour ? 2 : 0),
      rowBytes: rowBytes
    ) { row in
      let strip = row / perStrip
      return strip < starts.count ? starts[strip] + row % perStrip * rowBytes : nil
    }
  }
}

/// Unsigned numbers in a file, lower byte first unless told otherwise; `nil` beyond its end.
private struct ByteReader {
  private let bytes: [UInt8]
  private let isBigEndian: Bool

  init(_ bytes: [UInt8], isBigEndian: Bool = false) {
    self.bytes = bytes
    self.isBigEndian = isBigEndian
  }

  func number(_ place: Int, _ count: Int) -> Int? {
    guard place >= 0, place <= bytes.count - count else { return nil }
    return (0..<count).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * (isBigEndian ? count - 1 - $1 : $1)) }
  }

  /// 32 bits.
  func signed(_ place: Int) -> Int? { number(place, 4).map { Int(Int32(truncatingIfNeeded: $0)) } }
}
