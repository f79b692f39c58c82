import CarpusGraphs
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct ImageDecoderTests {
  private static func decoded(_ bytes: [UInt8], _ format: String = "RGB") throws -> Tensor {
    try TestNode("ImageDecoder", ["pixel_format": .string(format)]).result(Tensor(bytes))
  }

  private static func words(_ numbers: Int..., size: Int) -> [UInt8] {
    numbers.flatMap { number in (0..<size).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }
  }

  /// Two rows of two pixels: (1, 2, 3), (4, 5, 6); (7, 8, 9), (250, 251, 252).
  private static let pixels: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 250, 251, 252]

  private static func bitmap(height: Int = 2, compression: Int = 0) -> [UInt8] {
    let rows: [[UInt8]] = [[9, 8, 7, 252, 251, 250, 0, 0], [3, 2, 1, 6, 5, 4, 0, 0]]
    return Array("BM".utf8) + words(70, 0, 54, 40, 2, height, size: 4) + words(1, 24, size: 2) + words(compression, 16, 0, 0, 0, 0, size: 4)
      + (height > 0 ? rows : rows.reversed()).joined()
  }

  private static func tagged(_ compression: Int = 1, _ start: Int = 122) -> [UInt8] {
    let entries = [
      (256, 2), (257, 2), (258, 8), (259, compression), (262, 2), (273, start), (277, 3), (278, 2), (279, 12),
    ].flatMap { words($0.0, 4, size: 2) + words(1, $0.1, size: 4) }
    return [0x49, 0x49, 42, 0] + words(8, size: 4) + words(9, size: 2) + entries + words(0, size: 4) + pixels
  }

  @Test func formats() throws {
    for bytes in [Self.bitmap(), Self.bitmap(height: -2), Self.tagged(), Array("P6 # two\n2 2\n255\n".utf8) + Self.pixels,
      Array("P3 2 2 255 1 2 3 4 5 6 7 8 9 250 251 252".utf8)]
    {
      let y = try Self.decoded(bytes)
      #expect(y.shape == [2, 2, 3] && y.array(of: UInt8.self) == Self.pixels)
    }
    #expect(try Self.decoded(Self.bitmap(), "BGR").array(of: UInt8.self)[..<3] == [3, 2, 1])
    // (19595·1 + 38470·2 + 7471·3 + 32768) / 65536 = 2.3…, and so on.
    #expect(try Self.decoded(Self.bitmap(), "Grayscale").array(of: UInt8.self) == [2, 5, 8, 251])
    #expect(try Self.decoded(Array("P5 2 1 255\n".utf8) + [7, 9]).array(of: UInt8.self) == [7, 7, 7, 9, 9, 9])
    #expect(try Self.decoded(Array("P4 9 1\n".utf8) + [0x80, 0x80], "Grayscale").array(of: UInt8.self) == [0, 255, 255, 255, 255, 255, 255, 255, 0])
    #expect(try Self.decoded(Array("P1 2 1 10".utf8), "Grayscale").array(of: UInt8.self) == [0, 255])
    let palette = Array("BM".utf8) + Self.words(0, 0, 62, 40, 2, 1, size: 4) + Self.words(1, 1, size: 2) + Self.words(0, 0, 0, 0, 2, 0, size: 4)
    #expect(try Self.decoded(palette + [3, 2, 1, 0, 6, 5, 4, 0, 0x40, 0, 0, 0]).array(of: UInt8.self) == [1, 2, 3, 4, 5, 6])
  }

  @Test func refusals() throws {
    for (name, start) in [
      ("PNG", [0x89, 0x50, 0x4E, 0x47]), ("JPEG images", [0xFF, 0xD8, 0xFF]), ("GIF", Array("GIF89a".utf8)), ("WebP", Array("RIFF....WEBP".utf8)),
      ("JPEG 2000", [0xFF, 0x4F, 0xFF, 0x51]), ("not known", [1, 2, 3]), ("not known", []),
    ] as [(String, [UInt8])] { expectRefusal(name) { try Self.decoded(start) } }
    expectRefusal("compressed TIFF") { try Self.decoded(Self.tagged(5)) }
    expectRefusal("compressed BMP") { try Self.decoded(Self.bitmap(compression: 1)) }
    expectRefusal("samples up to 65535") { try Self.decoded(Array("P6 2 2 65535\n".utf8)) }
    expectRefusal("RGB, BGR or Grayscale") { try Self.decoded(Self.bitmap(), "HSV") }
    expectRefusal("a sample is too large") { try Self.decoded(Array("P3 1 1 255 1 2 256".utf8)) }
  }

  /// Every beginning of a file, and every file with one byte changed, gives an image or a sentence. The last two bytes of the bitmap fill up
  /// a row.
  @Test func damagedFiles() throws {
    for bytes in [Self.bitmap(), Self.tagged(), Array("P6 # two\n2 2\n255\n".utf8) + Self.pixels, Array("P3 2 2 255 1 2 3 4".utf8)] {
      for length in 0..<bytes.count - 2 { expectRefusal("") { try Self.decoded(Array(bytes[..<length])) } }
      for place in 0..<min(bytes.count, 122) {
        for byte in [0, 1, 0x7F, 0x80, 0xFF] as [UInt8] {
          var damaged = bytes
          damaged[place] = byte
          _ = try? TestNode("ImageDecoder").op.resultTypes(for: [OperandInfo(Tensor(damaged))])
        }
      }
    }
  }
}
