public import CarpusImaging

/// A file of regions and the radiograph whose regions are wanted.
public struct RegionSource {
  public let document: RegionDocument
  /// The radiograph's name or path, where files speak of several.
  public let imageName: String?
  public let imageSize: PixelSize
  /// The radiograph file's SHA-256 in lower-case hexadecimal, where it is known.
  public var imageSHA256: String?
  /// The radius of the disc around a marked point, in pixels.
  public var keypointRadius: Double?

  public init(
    _ document: RegionDocument, imageName: String?, imageSize: PixelSize, imageSHA256: String? = nil, keypointRadius: Double? = nil
  ) {
    self.document = document
    self.imageName = imageName
    self.imageSize = imageSize
    self.imageSHA256 = imageSHA256
    self.keypointRadius = keypointRadius
  }
}

/// A file that a writer makes.
public struct RegionFile: Hashable, Sendable {
  /// Without a folder.
  public let name: String
  public let bytes: [UInt8]
}
