import CarpusImaging
import CarpusTestSupport
import Foundation
import Testing

@Suite struct RadiographTests {
  private func expect(
    _ name: String, bitDepth: Int, origin: Radiograph.Origin, warnings: [Radiograph.Warning] = []
  ) throws {
    let radiograph = try Radiograph(pngBytes: fixture(name + ".png"))
    #expect(radiograph.size == PixelSize(width: 19, height: 11))
    #expect(radiograph.bitDepth == bitDepth)
    #expect(radiograph.origin == origin)
    #expect(radiograph.warnings == warnings)
    #expect(radiograph.samples.map { Double($0) } == (try numbers(name + ".npy")))
  }

  @Test func colorBecomesLuminanceAsInPillow() throws {
    try expect("pillow-color", bitDepth: 8, origin: .luminance, warnings: [.colorReducedToLuminance])
  }

  @Test func equalChannelsAreGrey() throws { try expect("pillow-equal-channels", bitDepth: 8, origin: .equalChannels) }

  @Test func greyStaysAsItIs() throws {
    try expect("pillow-16", bitDepth: 16, origin: .grey)
    try expect("pillow-1", bitDepth: 1, origin: .grey)
  }

  @Test func transparencyLiesOnBlack() throws {
    try expect("pillow-opacity", bitDepth: 8, origin: .equalChannels, warnings: [.transparencyOnBlack])
  }

  @Test func aTransparentSampleIsBlack() throws {
    let image = try PNG.read(fixture("transparent-grey.png"))
    let radiograph = Radiograph(image)
    #expect(image.samples.contains(30))
    #expect(radiograph.samples == image.samples.map { $0 == 30 ? 0 : $0 })
    #expect(radiograph.warnings == [.transparencyOnBlack])
    let color = Radiograph(try PNG.read(fixture("transparent-rgb.png")))
    #expect(color.warnings == [.colorReducedToLuminance, .transparencyOnBlack])
  }

  @Test func aPaletteOfGreysIsGrey() {
    let palette = [PNGColor(red: 9, green: 9, blue: 9), PNGColor(red: 200, green: 200, blue: 200)]
    let image = PNGImage(
      size: PixelSize(width: 3, height: 1), layout: .palette, bitDepth: 1, samples: [0, 1, 0], palette: palette)
    let radiograph = Radiograph(image)
    #expect(radiograph.samples == [9, 200, 9])
    #expect(radiograph.bitDepth == 8)
    #expect(radiograph.origin == .equalChannels)
    #expect(radiograph.warnings.isEmpty)
  }

  @Test func opaqueOpacityIsIgnored() {
    let image = PNGImage(
      size: PixelSize(width: 2, height: 1), layout: .greyAlpha, bitDepth: 16, samples: [5_000, 65_535, 60_000, 65_535])
    #expect(Radiograph(image).samples == [5_000, 60_000])
    #expect(Radiograph(image).warnings.isEmpty)
  }

  @Test func warnsOf12BitsIn16() {
    let size = PixelSize(width: 2, height: 1)
    #expect(Radiograph(size: size, bitDepth: 16, samples: [0, 4095]).warnings == [.fewGreys(largest: 4095, maximum: 65535)])
    #expect(Radiograph(size: size, bitDepth: 16, samples: [0, 4096]).warnings.isEmpty)
    #expect(Radiograph(size: size, bitDepth: 12, samples: [0, 4095]).warnings.isEmpty)
    #expect(Radiograph(size: size, bitDepth: 12, samples: [0, 4095]).maximumValue == 4095)
  }

  @Test func readsFilesAndNamesOtherFormats() throws {
    let path = Fixtures.url("Imaging/pillow-16.png").path
    #expect(try Radiograph.read(at: path) == Radiograph(pngBytes: fixture("pillow-16.png")))
    #expect(throws: ImageReadingError.file(.notFound)) { try Radiograph.read(at: path + "x") }
    #expect(throws: ImageReadingError.otherFormat(name: "JPEG")) { try Radiograph(pngBytes: [0xff, 0xd8, 0xff, 0xe0]) }
    #expect(throws: ImageReadingError.otherFormat(name: "DICOM")) {
      try Radiograph(pngBytes: [UInt8](repeating: 0, count: 128) + Array("DICM".utf8))
    }
    #expect(throws: ImageReadingError.png(.notPNG)) { try Radiograph(pngBytes: Array("hello".utf8)) }
  }
}

@Suite struct LabelImageTests {
  @Test func aPaletteIsReadAsIndices() throws {
    let image = try LabelImage(pngBytes: fixture("pillow-palette.png"))
    #expect(image.labels.map { Double($0) } == (try numbers("pillow-palette.npy")))
    #expect(image.palette.prefix(2) == [PNGColor(red: 0, green: 0, blue: 0), PNGColor(red: 255, green: 0, blue: 0)])
  }

  @Test func greyIsReadAsItIs() throws {
    let image = try LabelImage.read(at: Fixtures.url("Imaging/grey-2.png").path)
    #expect(image.labels.prefix(4) == [0, 3, 2, 1])
    #expect(image.palette.isEmpty)
    #expect(try LabelImage(pngBytes: fixture("pillow-16.png")).labels.map { Double($0) } == numbers("pillow-16.npy"))
  }

  @Test(arguments: ["rgb-8.png", "rgba-8.png", "grey-alpha-8.png"]) func severalChannelsAreNoLabels(_ name: String) throws {
    let bytes = try fixture(name)
    let layout = try PNG.read(bytes).layout
    #expect(throws: ImageReadingError.notLabels(layout)) { try LabelImage(pngBytes: bytes) }
  }
}
