import CarpusImaging

/// A radiograph for the eye: 8-bit grey, its darkest pixel black and its brightest white, at a size for screens.
struct RadiographView {
  let size: PixelSize
  /// Row by row.
  let grey: [UInt8]

  /// Larger radiographs are averaged down until no side is longer than `longestSide`; those of less than half of it are
  /// enlarged by a whole number, pixel by pixel.
  init(_ radiograph: Radiograph, longestSide: Int) {
    size = RadiographView.size(of: radiograph.size, longestSide: longestSide)
    let low = Float(radiograph.samples.min() ?? 0)
    let high = Float(radiograph.samples.max() ?? 0)
    let (black, white) = high > low ? (low, high) : (0, Float(radiograph.maximumValue))
    let isSmaller = size.width < radiograph.size.width || size.height < radiograph.size.height
    let field = Field(size: radiograph.size, values: radiograph.samples.map { Float($0) })
      .resampled(to: size, filter: isSmaller ? .area : .nearest)
    grey = field.values.map { UInt8(min(max(($0 - black) / (white - black), 0), 1) * 255 + 0.5) }
  }

  static func size(of source: PixelSize, longestSide: Int) -> PixelSize {
    let longer = max(source.width, source.height)
    let factor = max(1, longestSide / longer)
    guard longer > longestSide else { return PixelSize(width: source.width * factor, height: source.height * factor) }
    let scale = Double(longestSide) / Double(longer)
    return PixelSize(
      width: max(1, Int((scale * Double(source.width)).rounded())), height: max(1, Int((scale * Double(source.height)).rounded())))
  }
}
