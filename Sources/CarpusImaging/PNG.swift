/// Reading and writing PNG files in memory.
///
/// Source: Portable Network Graphics (PNG) Specification, third edition.
public enum PNG {
  /// Images with more pixels than this are refused: 64 million.
  public static let maximumPixelCount = 64_000_000

  static let signature: [UInt8] = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]
}

/// What one pixel of a PNG file consists of.
public enum PNGLayout: Sendable, Hashable, CaseIterable {
  case grey, greyAlpha, palette, rgb, rgba

  /// Samples in a pixel.
  public var channels: Int {
    switch self {
    case .grey, .palette: 1
    case .greyAlpha: 2
    case .rgb: 3
    case .rgba: 4
    }
  }

  /// The colour type in the chunk IHDR.
  var colorType: Int {
    switch self {
    case .grey: 0
    case .rgb: 2
    case .palette: 3
    case .greyAlpha: 4
    case .rgba: 6
    }
  }

  init?(colorType: Int) {
    guard let layout = PNGLayout.allCases.first(where: { $0.colorType == colorType }) else { return nil }
    self = layout
  }
}

/// An entry of a palette: red, green, blue and opacity, 0…255 each.
public struct PNGColor: Sendable, Hashable {
  public var red, green, blue, alpha: UInt8

  public init(red: UInt8, green: UInt8, blue: UInt8, alpha: UInt8 = 255) {
    self.red = red
    self.green = green
    self.blue = blue
    self.alpha = alpha
  }
}

/// The content of a PNG file as it is stored: nothing scaled, no gamma applied, no palette expanded.
public struct PNGImage: Sendable, Equatable {
  public let size: PixelSize
  public let layout: PNGLayout
  /// Bits in a sample: 1, 2, 4, 8 or 16.
  public let bitDepth: Int
  /// Height × width × channels samples, 0 … 2^bitDepth − 1, row by row with interleaved channels; indices for a palette.
  public let samples: [UInt16]
  /// The colours of the palette; empty for every other layout.
  public let palette: [PNGColor]
  /// The one grey value or colour that is fully transparent, for the layouts `grey` and `rgb`.
  public let transparentSample: [UInt16]?

  /// - Precondition: as many samples as the size and the layout need, none beyond the bit depth or the palette.
  package init(
    size: PixelSize, layout: PNGLayout, bitDepth: Int, samples: [UInt16], palette: [PNGColor] = [],
    transparentSample: [UInt16]? = nil
  ) {
    precondition(samples.count == size.count * layout.channels)
    self.size = size
    self.layout = layout
    self.bitDepth = bitDepth
    self.samples = samples
    self.palette = palette
    self.transparentSample = transparentSample
  }
}

/// Why a PNG file cannot be read or written.
public enum PNGError: Error, Hashable, CustomStringConvertible {
  case notPNG
  case damaged(reason: String)
  case tooManyPixels(PixelSize, maximum: Int)
  case tooFewBytes(PixelSize, byteCount: Int)
  case noSuchColor(index: Int, colorCount: Int)
  case notWritten(reason: String)

  public var description: String {
    switch self {
    case .notPNG: "This is not a PNG file: it does not start with the PNG signature."
    case .damaged(let reason): "The PNG file is damaged: \(reason)."
    case .tooManyPixels(let size, let maximum):
      "The PNG file says that it has \(size) pixels; at most \(maximum) in all are read."
    case .tooFewBytes(let size, let byteCount):
      "The PNG file says that it has \(size) pixels, which cannot come out of its \(byteCount) bytes."
    case .noSuchColor(let index, let colorCount):
      "The PNG file has a pixel of colour \(index), and its palette holds \(colorCount) colours counted from 0."
    case .notWritten(let reason): "The image cannot be written as PNG: \(reason)."
    }
  }
}
