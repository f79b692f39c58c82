public import CarpusImaging

/// Why a file of regions cannot be used. Texts from the file are cleaned and bounded.
public enum RegionError: Error, Hashable, CustomStringConvertible {
  /// More of something than is read: what, how many, the limit.
  case tooMuch(String, Int, limit: Int)
  /// Not JSON, or JSON of another form: where in the file, and what is wrong.
  case malformed(at: String, String)
  /// None of the file's images is the radiograph; some of those that are there, and how many there are.
  case imageNotFound(String?, choices: [String], count: Int)
  /// Several images of the file have the radiograph's name.
  case imageNotUnique(String)
  case otherSize(mask: PixelSize, radiograph: PixelSize)
  case otherImage
  case noRegions
  case outside(region: String)
  case empty(region: String)
  case invalid(region: String, String)
  case repeatedID(String, Laterality)
  /// Values of a label map that the sidecar neither declares nor ignores, and how many pixels have them.
  case undeclaredLabels([UInt16], pixels: Int)
  /// None of the formats that are read.
  case unknownFormat
  /// A file that must lie beside the one that is read.
  case missingFile(String)
  /// What a format cannot hold: its name, and what.
  case notHeld(String, String)

  public var description: String {
    switch self {
    case .tooMuch(let what, let count, let limit): "the regions have \(count) \(what); up to \(limit) are read"
    case .malformed(let place, let problem): place.isEmpty ? "the regions: \(problem)" : "the regions, at \(place): \(problem)"
    case .imageNotFound(let name, let choices, let count):
      if count == 0 {
        "the regions name no image"
      } else {
        "the regions are those of \(count) images, none of them named \(name.map { "‘\($0)’" } ?? "by the radiograph"); "
          + "there are ‘\(choices.joined(separator: "’, ‘"))’\(count > choices.count ? " and \(count - choices.count) more" : "")"
      }
    case .imageNotUnique(let name):
      "the regions name several images ‘\(name)’; the names of images must differ in their last part"
    case .otherSize(let mask, let radiograph):
      "the regions are drawn on an image of \(mask), the radiograph has \(radiograph) pixels; masks are not resized"
    case .otherImage: "the regions belong to another image: the SHA-256 that they name is not the radiograph's"
    case .noRegions: "there is no region of this radiograph in the file"
    case .outside(let region): "the region ‘\(region)’ lies outside the radiograph"
    case .empty(let region): "the region ‘\(region)’ holds no pixel of the radiograph"
    case .invalid(let region, let problem): "the region ‘\(region)’: \(problem)"
    case .repeatedID(let id, let laterality):
      "two regions have the id ‘\(id)’ and the laterality ‘\(laterality.rawValue)’; an id is used once on each side"
    case .undeclaredLabels(let values, let pixels):
      "\(pixels) pixels of the label map have a value that its sidecar neither declares nor ignores "
        + "(\(values.prefix(8).map(String.init).joined(separator: ", "))\(values.count > 8 ? ", …" : "")); smoothed edges make such values"
    case .unknownFormat:
      "this is no format of regions that is read; these are: COCO, LabelMe and CheXlocalize (JSON), Pascal VOC (XML), YOLO (text), "
        + "boxes (CSV with a header), a label map (PNG) and masks (PNG) with a sidecar carpus-regions/1 (JSON)"
    case .missingFile(let name): "the file ‘\(name)’ is needed beside the regions"
    case .notHeld(let format, let what): "\(format) cannot hold \(what); COCO and masks hold every region"
    }
  }
}

extension RegionError: JSONFailure {}

/// A value of a file of regions.
typealias RegionNode = JSONNode<RegionError>

/// What was done with a region that its author may not expect.
public enum RegionWarning: Hashable, Sendable, CustomStringConvertible {
  /// Part of the region lies outside the radiograph and was cut off.
  case clipped(region: String)
  /// An area that holds several instances (`iscrowd`) was read as one region.
  case group(region: String)
  /// The annotation has marked points; its outline is not a region of its own.
  case outlineNotUsed(region: String)
  /// The radiograph has another name than the file's only image.
  case onlyImage(String)
  /// No point of the annotation is marked as visible.
  case noVisiblePoint(region: String)
  /// A mask without pixels, which in this format says that there is nothing of the kind.
  case nothingThere(region: String)
  /// The side was taken from the name of the radiograph, as its data set means it.
  case sideOfFileName(Laterality)
  /// The format keeps boxes only; what was drawn was more.
  case onlyBoxes

  public var description: String {
    switch self {
    case .clipped(let region): "part of the region ‘\(region)’ lies outside the radiograph and was cut off"
    case .group(let region): "the region ‘\(region)’ marks a group of instances (iscrowd) and was read as one region"
    case .outlineNotUsed(let region): "‘\(region)’ has keypoints: they became regions, its outline did not"
    case .onlyImage(let name): "the regions belong to an image named ‘\(name)’, the only one of the file"
    case .noVisiblePoint(let region): "‘\(region)’ has no visible keypoint and gave no region"
    case .nothingThere(let region): "‘\(region)’ has no pixels: it is not there"
    case .sideOfFileName(let side): "the side (\(side.rawValue)) was taken from the radiograph's name, as RAM-H1200 and RAM-W600 name their files"
    case .onlyBoxes: "this format holds boxes: of the regions only their bounds were written"
    }
  }
}

/// How much is read from a file of regions.
public enum RegionLimits {
  /// Bytes of a JSON file.
  public static let bytes = 128 << 20
  /// Regions of one radiograph.
  public static let regions = 1024
  /// Crossings of rows and outlines, and runs of the finished masks, over all regions of one radiograph.
  public static let runs = 1 << 24
}
