/// A radiograph as its file stores it: one unsigned grey value for each pixel, bright where the beam was absorbed.
public struct Radiograph: Sendable, Hashable {
  /// What the grey values were made from.
  public enum Origin: String, Sendable, Hashable {
    case grey = "grey"
    case equalChannels = "colour with equal channels"
    case luminance = "the luminance of colour"
  }

  /// What a reader of the results should know about the file.
  public enum Warning: Sendable, Hashable, CustomStringConvertible {
    case colorReducedToLuminance
    case transparencyOnBlack
    case fewGreys(largest: Int, maximum: Int)

    public var description: String {
      switch self {
      case .colorReducedToLuminance:
        "The image is in colour; it was reduced to luminance (0.299 red + 0.587 green + 0.114 blue)."
      case .transparencyOnBlack: "The image is partly transparent; it was laid on black."
      case .fewGreys(let largest, let maximum):
        "The brightest grey value is \(largest) where the file allows \(maximum); the image may be darker than it was meant to be."
      }
    }
  }

  public let size: PixelSize
  /// Significant bits of a grey value: white is 2^bitDepth − 1.
  public let bitDepth: Int
  /// Grey values row by row.
  public let samples: [UInt16]
  public let origin: Origin
  public let warnings: [Warning]

  /// The grey value of white.
  public var maximumValue: Int { 1 << bitDepth - 1 }

  /// - Precondition: 1 to 16 bits, at least one pixel, as many samples as pixels, none above white.
  public init(
    size: PixelSize, bitDepth: Int, samples: [UInt16], origin: Origin = .grey, warnings: [Warning] = []
  ) {
    precondition((1...16).contains(bitDepth) && size.width > 0 && size.height > 0 && samples.count == size.count)
    let largest = Int(samples.max() ?? 0)
    precondition(largest < 1 << bitDepth)
    self.size = size
    self.bitDepth = bitDepth
    self.samples = samples
    self.origin = origin
    // Detectors give 10 to 14 bits; a file of 16 that uses no more than 12 was probably not scaled.
    let isNarrow = bitDepth == 16 && largest < 1 << 12
    self.warnings = warnings + (isNarrow ? [.fewGreys(largest: largest, maximum: 1 << bitDepth - 1)] : [])
  }
}

/// Why a file cannot be read as a radiograph or as labels.
public enum ImageReadingError: Error, Hashable, CustomStringConvertible {
  case file(FileReadingError)
  case png(PNGError)
  case otherFormat(name: String)
  case notLabels(PNGLayout)

  public var description: String {
    switch self {
    case .file(let error): error.description
    case .png(let error): error.description
    case .otherFormat(let name): "This is a \(name) file; PNG is read."
    case .notLabels:
      "A label image has one label for each pixel: a grey or palette PNG. This one has several channels."
    }
  }
}

extension PNGImage {
  /// The image in a PNG file; says by name which other format it is.
  static func read(_ bytes: [UInt8]) throws(ImageReadingError) -> PNGImage {
    do throws(PNGError) { return try PNG.read(bytes) } catch {
      if error == .notPNG, let name = otherFormat(bytes) { throw .otherFormat(name: name) }
      throw .png(error)
    }
  }

  static func read(at path: String) throws(ImageReadingError) -> PNGImage {
    let bytes: [UInt8]
    do throws(FileReadingError) { bytes = try FileReading.read(path) } catch { throw .file(error) }
    return try read(bytes)
  }

  private static func otherFormat(_ bytes: [UInt8]) -> String? {
    if bytes.starts(with: [0xff, 0xd8, 0xff]) { return "JPEG" }
    if bytes.starts(with: [0x42, 0x4d]) { return "BMP" }
    if bytes.starts(with: [0x49, 0x49, 0x2a, 0]) || bytes.starts(with: [0x4d, 0x4d, 0, 0x2a]) { return "TIFF" }
    if bytes.dropFirst(128).starts(with: [0x44, 0x49, 0x43, 0x4d]) { return "DICOM" }
    return nil
  }
}
