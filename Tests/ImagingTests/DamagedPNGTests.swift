import CarpusImaging
import CarpusTestSupport
import Testing

/// Files that lie or are cut; each must end in a sentence.
@Suite struct DamagedPNGTests {
  static let files = ["grey-16.png", "palette-4-interlaced.png", "rgba-8.png", "grey-1-interlaced.png", "pillow-color.png"]

  @Test(arguments: files) func refusesEveryTruncation(_ name: String) throws {
    let bytes = try fixture(name)
    for length in 0..<bytes.count {
      #expect(throws: PNGError.self, "\(length) of \(bytes.count) bytes") { try PNG.read(Array(bytes.prefix(length))) }
    }
  }

  @Test func saysWhatIsWrong() throws {
    #expect(throws: PNGError.notPNG) { try PNG.read([]) }
    #expect(throws: PNGError.notPNG) { try PNG.read(Array("GIF89a".utf8)) }
    let bytes = try fixture("grey-8.png")
    #expect(throws: PNGError.damaged(reason: "the file ends before the image does")) {
      try PNG.read(Array(bytes.prefix(60)))
    }
    var wrongChecksum = bytes
    wrongChecksum[bytes.count - 14] ^= 1
    #expect(throws: PNGError.damaged(reason: "IDAT: CRC error")) { try PNG.read(wrongChecksum) }
  }

  @Test func refusesHugeImagesBeforeTakingMemory() throws {
    let file = PNGFile(try fixture("rgb-16.png"))
    #expect(throws: PNGError.tooManyPixels(PixelSize(width: 100_000, height: 90_000), maximum: 64_000_000)) {
      try PNG.read(file.claiming(width: 100_000, height: 90_000))
    }
    let claimed = file.claiming(width: 8_000, height: 8_000)
    #expect(throws: PNGError.tooFewBytes(PixelSize(width: 8_000, height: 8_000), byteCount: claimed.count)) {
      try PNG.read(claimed)
    }
    for (width, height) in [(UInt32.max, UInt32.max), (0x7fff_ffff, 0x7fff_ffff), (0, 5), (5, 0), (1_000_001, 1)] {
      #expect(throws: PNGError.self) { try PNG.read(file.claiming(width: width, height: height)) }
    }
  }

  @Test func refusesOtherSizesThanTheDataHave() throws {
    let file = PNGFile(try fixture("grey-8.png"))
    #expect(throws: PNGError.self) { try PNG.read(file.claiming(width: 23, height: 18)) }
    #expect(throws: PNGError.self) { try PNG.read(file.claiming(width: 24, height: 17)) }
  }

  @Test func refusesColorsThatThePaletteLacks() throws {
    var file = PNGFile(try fixture("palette-8.png"))
    let index = try #require(file.chunks.firstIndex { $0.name == "PLTE" })
    file.chunks[index].data = Array(file.chunks[index].data.prefix(30))
    #expect(throws: PNGError.noSuchColor(index: 199, colorCount: 10)) { try PNG.read(file.bytes) }
    file.chunks.remove(at: index)
    #expect(throws: PNGError.self) { try PNG.read(file.bytes) }
  }

  @Test func ignoresWhatIsNoPixel() throws {
    var file = PNGFile(try fixture("grey-16.png"))
    let plain = try PNG.read(file.bytes)
    for name in ["tEXt", "zTXt", "iTXt", "iCCP", "gAMA", "sRGB", "tIME", "eXIf", "prIv"] {
      file.chunks.insert(PNGFile.Chunk(name: name, data: [UInt8](repeating: 0xff, count: 5_000)), at: 1)
    }
    #expect(try PNG.read(file.bytes) == plain)
    file.chunks.insert(PNGFile.Chunk(name: "PRIV", data: [1]), at: 1)
    #expect(throws: PNGError.self, "an unknown critical chunk") { try PNG.read(file.bytes) }
  }

  /// Anything may come out but a crash and samples beyond the bit depth.
  @Test(arguments: files) func survivesMutations(_ name: String) throws {
    let sound = PNGFile(try fixture(name))
    var generator = SeededGenerator(seed: 4)
    for round in 0..<2_000 {
      var bytes: [UInt8]
      if round.isMultiple(of: 2) {
        // Checksums repaired, so that the damage gets further in.
        var file = sound
        let chunk = Int.random(in: 0..<file.chunks.count, using: &generator)
        if !file.chunks[chunk].data.isEmpty {
          let position = Int.random(in: 0..<file.chunks[chunk].data.count, using: &generator)
          file.chunks[chunk].data[position] = UInt8.random(in: 0...255, using: &generator)
        }
        bytes = file.bytes
      } else {
        bytes = sound.bytes
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
          bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
        }
      }
      guard let image = try? PNG.read(bytes) else { continue }
      #expect(image.samples.count == image.size.count * image.layout.channels)
      #expect(image.samples.allSatisfy { Int($0) < 1 << image.bitDepth })
      _ = Radiograph(image)
    }
  }
}
