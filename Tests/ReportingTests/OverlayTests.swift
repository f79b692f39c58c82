import CarpusAnatomy
import CarpusExplanation
import CarpusImaging
import CarpusReporting
import Testing

/// A radiograph of one grey, 100, and 40×30 pixels, which the view enlarges 40 times.
@Suite struct OverlayTests {
  private func overlay(_ values: [Double], regions: Bool = false) throws -> PNGImage {
    var report = try SampleReports.small(values: values)
    let size = PixelSize(width: 40, height: 30)
    let grey = Radiograph(size: size, bitDepth: 8, samples: [UInt16](repeating: 100, count: size.count))
    let input = try #require(report.inputs.first).input
    report.picture = ExplanationReport.Picture(radiograph: grey, input: input, inputSize: size)
    if !regions { report.measurement = nil }
    return try PNG.read(try Overlay.png(of: report))
  }

  private func color(_ image: PNGImage, _ x: Int, _ y: Int) -> [Int] {
    let start = (y * image.size.width + x) * 3
    return image.samples[start..<start + 3].map(Int.init)
  }

  private func one(_ value: Double, at index: Int) -> [Double] { (0..<12).map { $0 == index ? value : 0 } }

  /// The red end (178, 24, 43) covers 204 of 255 parts of the grey: (204 · 178 + 51 · 100) ÷ 255 = 162.4 and so on. Cell (0, 0) has it
  /// between its centre and the corner of the radiograph.
  @Test func theLargestValueIsTheRedEnd() throws {
    let image = try overlay(one(5, at: 0))
    for (x, y) in [(0, 0), (100, 150), (199, 199)] { #expect(color(image, x, y) == [162, 39, 54], "(\(x), \(y))") }
    #expect(color(image, 600, 600) == [100, 100, 100])
  }

  /// Cell (1, 2) of 3×4 has its centre at (25, 15) of the radiograph, between the pixels 999 and 1000, 599 and 600 of the
  /// view, where the value is 0.9975 of the largest: step 254 of 255, whose opacity is √(254/255) of the largest, again 204. The centres of its neighbours have nothing.
  @Test func onePositiveCellIsRedWhereItLies() throws {
    let image = try overlay(one(5, at: 6))
    #expect(color(image, 1000, 600) == [162, 39, 54])
    #expect(color(image, 999, 599) == [162, 39, 54])
    for (x, y) in [(600, 600), (1400, 600), (1000, 200), (1000, 1000), (0, 0), (1599, 1199)] {
      #expect(color(image, x, y) == [100, 100, 100], "(\(x), \(y))")
    }
    let half = color(image, 800, 600)
    #expect(half[0] > half[1] && half[0] > half[2] && half[0] < 162)
  }

  /// (204 · (33, 102, 172) + 51 · 100) ÷ 255.
  @Test func oneNegativeCellIsBlue() throws {
    let image = try overlay(one(-0.001, at: 11))
    #expect(color(image, 1599, 1199) == [46, 102, 158])
  }

  @Test func theScaleIsSymmetric() throws {
    var values = one(4, at: 0)
    values[11] = -2
    let image = try overlay(values)
    // Half of the limit: opacity 0.8 · √½ (145 of 255), colour 0.85 of the way from white to blue.
    let (red, green, blue) = (255 - 0.85 * 222, 255 - 0.85 * 153, 255 - 0.85 * 83)
    let expected = [red, green, blue].map { ($0 * 145 + 100 * 110) / 255 }
    for (actual, expected) in zip(color(image, 1400, 1000), expected) { #expect(abs(Double(actual) - expected) <= 1.5) }
  }

  @Test func aMapOfZerosLeavesThePicture() throws {
    let image = try overlay([Double](repeating: 0, count: 12))
    for y in 0..<1200 {
      let start = y * image.size.width * 3
      #expect(image.samples[start..<start + 1600 * 3].allSatisfy { $0 == 100 })
    }
  }

  @Test func outlinesFollowTheRegions() throws {
    let image = try overlay([Double](repeating: 0, count: 12), regions: true)
    let core = [255, 236, 110]
    // The wrist is columns 30 to 39 and rows 0 to 9: 1200 to 1599 and 0 to 399 of the view.
    for (x, y) in [(1200, 200), (1400, 399), (1599, 300)] { #expect(color(image, x, y) == core, "(\(x), \(y))") }
    #expect(color(image, 1400, 200) == [100, 100, 100])
    // Three light pixels with a dark one on both sides.
    #expect((1197...1203).map { color(image, $0, 200) } == [[100, 100, 100], [0, 0, 0], core, core, core, [0, 0, 0], [100, 100, 100]])
  }

  /// A radiograph of 20×40 in an input of 40×40 begins at column 10: the map's second column is its left half.
  @Test func paddingIsCutOff() throws {
    let size = PixelSize(width: 20, height: 40)
    let whole = Region(id: "all", name: "all", laterality: .left, source: .box, mask: Mask(allOf: size))
    let regions = try RegionSet(size: size, regions: [whole])
    var values = [Double](repeating: 0, count: 16)
    values[5] = 3
    var report = try SampleReports.measured(
      radiograph: Radiograph(size: size, bitDepth: 8, samples: [UInt16](repeating: 100, count: 800)), map: values, height: 4, width: 4,
      input: PixelSize(width: 40, height: 40), regions: regions)
    report.measurement = nil
    let image = try PNG.read(try Overlay.png(of: report))
    // Cell (1, 1) is centred at (15, 15) of the input, (5, 15) of the radiograph, (200, 600) of the view of 800×1600.
    // The end of the scale, (178, 24, 43), with an opacity of 0.8 over grey 100.
    #expect(color(image, 200, 600) == [162, 39, 54])
    #expect(color(image, 600, 600) == [100, 100, 100])
  }

  /// The lightest and darkest grey of 16 bits fill the range; 4 pixels become 1 in a radiograph twice too long.
  @Test func largeRadiographsAreAveraged() throws {
    let size = PixelSize(width: 3200, height: 2)
    let samples = (0..<size.count).map { UInt16($0 % 3200 < 1600 ? 1000 : ($0 % 2 == 0 ? 5000 : 4000)) }
    let whole = Region(id: "all", name: "all", laterality: .left, source: .box, mask: Mask(allOf: size))
    let regions = try RegionSet(size: size, regions: [whole])
    var report = try SampleReports.measured(
      radiograph: Radiograph(size: size, bitDepth: 16, samples: samples), map: [0, 0], height: 1, width: 2,
      input: PixelSize(width: 32, height: 1), regions: regions)
    report.measurement = nil
    let image = try PNG.read(try Overlay.png(of: report))
    #expect(color(image, 100, 0) == [0, 0, 0])
    // (4500 − 1000) ÷ (5000 − 1000) · 255 = 223.1
    #expect(color(image, 1500, 0) == [223, 223, 223])
  }

  @Test func numbersThatAreNoneAreShownGrey() throws {
    var report = try SampleReports.small(values: [Double](repeating: 0, count: 12))
    report.measurement = nil
    report.maps[0] = AttributionMap(method: "m", layer: "l", height: 1, width: 1, values: [.nan])
    let image = try PNG.read(try Overlay.png(of: report))
    // 128 covers 204 of 255 parts of 0.
    #expect(color(image, 10, 10) == [102, 102, 102])
  }

  @Test func theSameReportGivesTheSameBytes() throws {
    #expect(try Overlay.png(of: try SampleReports.small()) == (try Overlay.png(of: try SampleReports.small())))
  }

  @Test func withoutAPictureThereIsNone() throws {
    let report = try SampleReports.tensor()
    #expect(throws: PNGError.self) { try Overlay.png(of: report) }
  }
}
