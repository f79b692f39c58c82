extension Radiograph {
  /// The radiograph in a PNG file.
  ///
  /// - Throws: `ImageReadingError`.
  public static func read(at path: String) throws(ImageReadingError) -> Radiograph {
    Radiograph(try PNGImage.read(at: path))
  }

  /// The radiograph in the bytes of a PNG file.
  ///
  /// - Throws: `ImageReadingError`.
  public init(pngBytes bytes: [UInt8]) throws(ImageReadingError) { self.init(try PNGImage.read(bytes)) }

  /// Grey as it is; of colour the luminance of ITU-R BT.601, `(19595 R + 38470 G + 7471 B + 2¹⁵) ÷ 2¹⁶` rounded down,
  /// which is exact for equal channels; what is transparent on black.
  public init(_ image: PNGImage) {
    let maximum = image.layout == .palette ? 255 : 1 << image.bitDepth - 1
    var samples = image.samples
    var hasColor = false
    var hasTransparency = false
    if image.layout != .grey || image.transparentSample != nil {
      samples = (0..<image.size.count).map { index in
        let (red, green, blue, alpha) = image.color(ofPixel: index, opaque: maximum)
        if red != green || green != blue { hasColor = true }
        let luminance = (19595 * red + 38470 * green + 7471 * blue + 1 << 15) >> 16
        if alpha == maximum { return UInt16(luminance) }
        hasTransparency = true
        return UInt16((luminance * alpha + maximum / 2) / maximum)
      }
    }
    let isGrey = image.layout == .grey || image.layout == .greyAlpha
    self.init(
      size: image.size, bitDepth: image.layout == .palette ? 8 : image.bitDepth, samples: samples,
      origin: isGrey ? .grey : hasColor ? .luminance : .equalChannels,
      warnings: (hasColor ? [.colorReducedToLuminance] : []) + (hasTransparency ? [.transparencyOnBlack] : []))
  }
}

extension PNGImage {
  /// Red, green, blue and opacity, each 0 … `opaque`.
  fileprivate func color(ofPixel index: Int, opaque: Int) -> (red: Int, green: Int, blue: Int, alpha: Int) {
    let start = index * layout.channels
    let first = Int(samples[start])
    switch layout {
    case .grey:
      return (first, first, first, transparentSample == [samples[start]] ? 0 : opaque)
    case .greyAlpha:
      return (first, first, first, Int(samples[start + 1]))
    case .palette:
      let color = palette[first]
      return (Int(color.red), Int(color.green), Int(color.blue), Int(color.alpha))
    case .rgb:
      let isTransparent = transparentSample.map { $0.elementsEqual(samples[start..<start + 3]) } ?? false
      return (first, Int(samples[start + 1]), Int(samples[start + 2]), isTransparent ? 0 : opaque)
    case .rgba:
      return (first, Int(samples[start + 1]), Int(samples[start + 2]), Int(samples[start + 3]))
    }
  }
}
