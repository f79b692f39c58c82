public import CarpusImaging

/// A file of regions of one or many radiographs, taken apart once; the regions of each are made when they are asked for.
public struct RegionCohort: Sendable {
  /// A radiograph as the file speaks of it.
  public struct Image: Hashable, Sendable {
    /// As the file has it, not cleaned; `nil` where it names none.
    public let name: String?
    /// `nil` where the file does not say it.
    public let size: PixelSize?
  }

  public let format: RegionFormat
  /// In the order of the file.
  public let images: [Image]
  private let document: RegionDocument
  private let content: RegionFileContent
  /// What a vocabulary beside the file says of its ids; `nil` without one.
  private let vocabulary: HandVocabulary?

  /// A vocabulary is a sidecar `carpus-regions/1` whose regions have neither `label` nor `file`. It bears the file's name with
  /// `.vocabulary.json` in place of the last extension. Label maps and masks have a sidecar of their own and need none.
  ///
  /// - Throws: `RegionError` where this is no file of regions.
  public init(_ document: RegionDocument) throws(RegionError) {
    self.document = document
    content = try RegionFileContent(document)
    format = content.format
    images = try content.images(document)
    vocabulary = try RegionCohort.vocabulary(document, format)
  }

  private static func vocabulary(_ document: RegionDocument, _ format: RegionFormat) throws(RegionError) -> HandVocabulary? {
    guard format != .labelMap, format != .masks, let bytes = try document.companion(document.stem + ".vocabulary.json") else { return nil }
    let sidecar = try RegionSidecar(bytes)
    for entry in sidecar.regions where entry.label != nil || entry.file != nil {
      throw .invalid(region: entry.id, "a vocabulary says what ids mean; it has no ‘label’ and no ‘file’")
    }
    return try sidecar.vocabulary()
  }

  /// The file itself.
  public var bytes: [UInt8] { document.bytes }

  /// Whether the format names its radiographs, so that one file can hold those of a whole study.
  public var namesImages: Bool { format == .coco || format == .boxes && images.first?.name != nil || format == .cheXlocalize }

  /// The regions of one radiograph; names are compared by `ImageNames`.
  ///
  /// - Parameters:
  ///   - imageName: the radiograph's name or path; may be `nil` where the file speaks of one radiograph only.
  ///   - imageSize: the radiograph's size, which the file must confirm.
  ///   - imageSHA256: the radiograph file's SHA-256 in lower-case hexadecimal, where it is known.
  ///   - keypointRadius: radius of a marked point's disc in pixels.
  /// - Throws: `RegionError`.
  public func regions(
    of imageName: String?, imageSize: PixelSize, imageSHA256: String? = nil, keypointRadius: Double? = nil
  ) throws(RegionError) -> RegionSet {
    let set = try content.regions(
      of: RegionSource(document, imageName: imageName, imageSize: imageSize, imageSHA256: imageSHA256, keypointRadius: keypointRadius))
    guard let vocabulary else { return set }
    return try RegionSet(size: set.size, regions: set.regions, warnings: set.warnings, vocabulary: vocabulary)
  }

  /// What the file says of a radiograph.
  ///
  /// - Throws: `RegionError` where it has no or several of this name.
  public func image(named name: String?) throws(RegionError) -> Image { images[try ImageNames(images.map(\.name)).choose(name).index] }
}
