public import CarpusImaging

/// The side of the body.
public enum Laterality: String, Hashable, Sendable, CaseIterable {
  case left = "L"
  case right = "R"
  /// Not one of a pair, as in DICOM.
  case unpaired = "U"
  /// The source says that the side is not known.
  case unknown
  /// The source does not speak of sides.
  case unspecified
}

/// A named part of a radiograph.
public struct Region: Hashable, Sendable {
  /// What the mask was made from.
  public enum Source: Hashable, Sendable {
    case polygons
    case runLength
    case box
    /// A marked point and the radius of the disc around it, in pixels.
    case keypoint(PixelPoint, radius: Double)
    /// A value of a label map.
    case label(UInt16)
  }

  /// Short name, unique among the regions of one side: a lower-case letter, then up to 31 of `a-z 0-9 _ -`.
  public let id: String
  /// The name for readers, as the source gives it: at most 64 characters, none of them a control character.
  public let name: String
  public let laterality: Laterality
  public let source: Source
  public let mask: Mask

  /// - Precondition: `id` has the form above.
  public init(id: String, name: String, laterality: Laterality, source: Source, mask: Mask) {
    precondition(RegionName.isID(id), "not a region id: \(id)")
    self.id = id
    self.name = RegionName.cleaned(name)
    self.laterality = laterality
    self.source = source
    self.mask = mask
  }
}

extension Region {
  /// `L:mcp2` where the side is known, else the id: what a region is called in tables.
  package var key: String {
    switch laterality {
    case .left, .right: "\(laterality.rawValue):\(id)"
    case .unpaired, .unknown, .unspecified: id
    }
  }
}

/// The regions of one radiograph. They may overlap; bones do on radiographs.
public struct RegionSet: Hashable, Sendable {
  /// The radiograph's grid.
  public let size: PixelSize
  /// In the order of their source.
  public let regions: [Region]
  /// The pixels of at least one region.
  public let union: Mask
  /// What the reader of a file should know about how it was read.
  public let warnings: [RegionWarning]
  /// What the ids stand for.
  public let vocabulary: HandVocabulary

  /// - Throws: `RegionError` when there is no region, one is empty, lies on another grid, or two regions of one side share an id.
  public init(
    size: PixelSize, regions: [Region], warnings: [RegionWarning] = [], vocabulary: HandVocabulary = .standard
  ) throws(RegionError) {
    guard !regions.isEmpty else { throw .noRegions }
    var seen: Set<String> = []
    for region in regions {
      guard region.mask.size == size else { throw .otherSize(mask: region.mask.size, radiograph: size) }
      guard !region.mask.isEmpty else { throw .empty(region: region.name) }
      guard seen.insert("\(region.laterality.rawValue):\(region.id)").inserted else {
        throw .repeatedID(region.id, region.laterality)
      }
    }
    self.size = size
    self.regions = regions
    self.warnings = warnings
    self.vocabulary = vocabulary
    union = Mask.union(of: regions.map(\.mask), size: size)
  }
}

extension RegionSet {
  /// The places that Sharp and van der Heijde score.
  package var sites: [Region] { regions.filter { HandGroup.sites.contains($0, in: vocabulary) } }
}
