import CarpusImaging
import CarpusTestSupport
import Testing

@Suite struct PNGTests {
  struct Kind: Sendable, CustomTestStringConvertible {
    let name: String
    let layout: PNGLayout
    let bitDepth: Int
    var testDescription: String { "\(name)-\(bitDepth)" }
  }

  static let kinds: [Kind] = [
    ("grey", .grey, [1, 2, 4, 8, 16]), ("rgb", .rgb, [8, 16]), ("palette", .palette, [1, 2, 4, 8]),
    ("grey-alpha", .greyAlpha, [8, 16]), ("rgba", .rgba, [8, 16]),
  ].flatMap { (name: String, layout: PNGLayout, depths: [Int]) in
    depths.map { Kind(name: name, layout: layout, bitDepth: $0) }
  }

  /// Sample (x, y, c) of the reference files: (7x + 13y + 29c) mod the number of values; see make.py.
  private func pattern(_ kind: Kind) -> [UInt16] {
    let values = kind.layout == .palette && kind.bitDepth == 8 ? 200 : 1 << kind.bitDepth
    return (0..<17 * 23 * kind.layout.channels).map { index in
      let (pixel, c) = index.quotientAndRemainder(dividingBy: kind.layout.channels)
      let sample = (7 * (pixel % 23) + 13 * (pixel / 23) + 29 * c) % values
      return UInt16(kind.bitDepth == 16 ? sample * 523 % values : sample)
    }
  }

  @Test(arguments: kinds, ["", "-interlaced"])
  func reads(_ kind: Kind, interlacing: String) throws {
    let image = try PNG.read(fixture("\(kind.name)-\(kind.bitDepth)\(interlacing).png"))
    #expect(image.size == PixelSize(width: 23, height: 17))
    #expect(image.layout == kind.layout)
    #expect(image.bitDepth == kind.bitDepth)
    #expect(image.samples == pattern(kind))
    #expect(image.transparentSample == nil)
    let colorCount = kind.layout != .palette ? 0 : kind.bitDepth == 8 ? 200 : 1 << kind.bitDepth
    let palette = (0..<colorCount).map { (i: Int) -> PNGColor in
      PNGColor(red: UInt8(i), green: UInt8(255 - i), blue: UInt8(3 * i % 256))
    }
    #expect(image.palette == palette)
  }

  @Test func readsTheTransparentSample() throws {
    #expect(try PNG.read(fixture("transparent-grey.png")).transparentSample == [30])
    #expect(try PNG.read(fixture("transparent-rgb.png")).transparentSample == [30, 59, 88])
  }

  @Test(arguments: [PNGLayout.grey, .greyAlpha, .rgb, .rgba], [PixelSize(width: 1, height: 1), PixelSize(width: 37, height: 21)])
  func writesWhatItReads(_ layout: PNGLayout, size: PixelSize) throws {
    var generator = SeededGenerator(seed: 3)
    let samples = (0..<size.count * layout.channels).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let image = try PNG.read(PNG.encode(samples, layout: layout, size: size))
    #expect(image.size == size)
    #expect(image.layout == layout)
    #expect(image.bitDepth == 8)
    #expect(image.samples == samples.map { UInt16($0) })
  }

  @Test func writes16BitsAndNothingButPixels() throws {
    let size = PixelSize(width: 256, height: 256)
    let samples = (0...65535).map { UInt16($0) }
    let bytes = try PNG.encode(grey: samples, size: size)
    let image = try PNG.read(bytes)
    #expect(image.bitDepth == 16)
    #expect(image.layout == .grey)
    #expect(image.samples == samples)
    #expect(Set(PNGFile(bytes).chunks.map(\.name)) == ["IHDR", "IDAT", "IEND"])
  }

  @Test func refusesToWriteNothing() {
    #expect(throws: PNGError.notWritten(reason: "0×4 pixels cannot be stored")) {
      try PNG.encode([], layout: .grey, size: PixelSize(width: 0, height: 4))
    }
  }

  /// Width 1 000 001 is beyond what libpng takes; nothing is lost on the way out.
  @Test func reportsWhatLibpngRefusesToWrite() {
    #expect(throws: PNGError.self) {
      try PNG.encode([UInt8](repeating: 0, count: 1_000_001), layout: .grey, size: PixelSize(width: 1_000_001, height: 1))
    }
  }
}
