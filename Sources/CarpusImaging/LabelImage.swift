/// An image whose pixels name regions: the grey values of a grey PNG, the indices of a palette PNG.
public struct LabelImage: Sendable, Hashable {
  public let size: PixelSize
  /// One label for each pixel, row by row.
  public let labels: [UInt16]
  /// The colours that a palette gives the labels; empty for grey.
  public let palette: [PNGColor]

  /// - Precondition: as many labels as pixels.
  public init(size: PixelSize, labels: [UInt16], palette: [PNGColor] = []) {
    precondition(size.width >= 0 && size.height >= 0 && labels.count == size.count)
    self.size = size
    self.labels = labels
    self.palette = palette
  }

  /// The labels in the bytes of a PNG file; a palette is never expanded to colours.
  ///
  /// - Throws: `ImageReadingError.notLabels` for RGB and for opacity, and every other case of it.
  public init(pngBytes bytes: [UInt8]) throws(ImageReadingError) { try self.init(try PNGImage.read(bytes)) }

  /// - Throws: `ImageReadingError`, as `init(pngBytes:)`.
  public static func read(at path: String) throws(ImageReadingError) -> LabelImage {
    try LabelImage(try PNGImage.read(at: path))
  }

  private init(_ image: PNGImage) throws(ImageReadingError) {
    guard image.layout.channels == 1 else { throw .notLabels(image.layout) }
    self.init(size: image.size, labels: image.samples, palette: image.palette)
  }
}
