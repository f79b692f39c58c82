import CarpusImaging
import Testing

@Suite struct ColorMapTests {
  private func luminance(_ color: RGBColor) -> Double {
    0.2126 * Double(color.red) + 0.7152 * Double(color.green) + 0.0722 * Double(color.blue)
  }

  /// The ends and the middle as they are published: #440154, #21918c, #fde725; #00224e, #fee838.
  @Test func knownColors() {
    #expect(ColorMap.viridis.color(at: 0) == RGBColor(red: 0x44, green: 0x01, blue: 0x54))
    #expect(ColorMap.viridis.color(at: 0.5) == RGBColor(red: 0x21, green: 0x91, blue: 0x8c))
    #expect(ColorMap.viridis.color(at: 1) == RGBColor(red: 0xfd, green: 0xe7, blue: 0x25))
    #expect(ColorMap.cividis.color(at: 0) == RGBColor(red: 0x00, green: 0x22, blue: 0x4e))
    #expect(ColorMap.cividis.color(at: 1) == RGBColor(red: 0xfe, green: 0xe8, blue: 0x38))
    #expect(ColorMap.grey.color(at: 0.2) == RGBColor(red: 51, green: 51, blue: 51))
  }

  @Test(arguments: [ColorMap.viridis, .cividis, .grey]) func sequentialMapsBrighten(_ map: ColorMap) {
    let colors = (0..<256).map { map.color(at: (Double($0) + 0.5) / 256) }
    #expect(Set(colors).count >= 250)
    for (darker, brighter) in zip(colors, colors.dropFirst()) { #expect(luminance(darker) <= luminance(brighter) + 0.5) }
  }

  @Test func nothingIsWhiteAndTheSignsAreTold() {
    let map = ColorMap.blueWhiteRed
    #expect(map.color(of: 0, in: -3...3) == RGBColor(red: 255, green: 255, blue: 255))
    for step in 1...10 {
      let (positive, negative) = (map.color(of: Double(step) / 10, in: -1...1), map.color(of: -Double(step) / 10, in: -1...1))
      #expect(positive.red > positive.blue)
      #expect(negative.blue > negative.red)
    }
    #expect(map.isDiverging && !ColorMap.viridis.isDiverging)
  }

  @Test(arguments: ColorMap.allCases) func everyNumberHasAColor(_ map: ColorMap) {
    #expect(map.color(at: -5) == map.color(at: 0))
    #expect(map.color(at: .infinity) == map.color(at: 1))
    #expect(map.color(at: .nan) == ColorMap.missing)
    #expect(map.color(of: .nan, in: 0...1) == ColorMap.missing)
    #expect(map.color(of: 7, in: 7...7) == map.color(at: map.isDiverging ? 0.5 : 0))
  }
}
