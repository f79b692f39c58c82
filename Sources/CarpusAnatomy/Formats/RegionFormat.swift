import CarpusImaging

/// The formats of regions that are read and written.
public enum RegionFormat: String, Hashable, Sendable, CaseIterable {
  case coco
  /// A PNG whose grey values or palette indices are regions, and a sidecar `carpus-regions/1`.
  case labelMap = "label-map"
  /// One PNG for each region, and a sidecar `carpus-regions/1`.
  case masks
  case cheXlocalize = "chexlocalize"
  /// CSV in pixels, with a header.
  case boxes
  case yolo
  case pascalVOC = "pascal-voc"
  case labelMe = "labelme"

  /// The format that a file is in, by its content.
  ///
  /// - Throws: `RegionError.unknownFormat`; `.malformed` for JSON that is none.
  public static func detect(_ document: RegionDocument) throws(RegionError) -> RegionFormat { try RegionFileContent(document).format }

  /// Reads regions in whatever format they are.
  ///
  /// - Throws: `RegionError` for anything that is not what it should be; see the readers.
  public static func read(_ source: RegionSource) throws(RegionError) -> RegionSet {
    try RegionCohort(source.document).regions(
      of: source.imageName, imageSize: source.imageSize, imageSHA256: source.imageSHA256, keypointRadius: source.keypointRadius)
  }

  /// Whether the format keeps bounding boxes only.
  public var holdsBoxesOnly: Bool { self == .boxes || self == .yolo || self == .pascalVOC }

  /// The name for readers.
  public var title: String {
    switch self {
    case .coco: "COCO"
    case .labelMap: "label map"
    case .masks: "one mask for each region"
    case .cheXlocalize: "CheXlocalize"
    case .boxes: "table of boxes"
    case .yolo: "YOLO"
    case .pascalVOC: "Pascal VOC"
    case .labelMe: "LabelMe"
    }
  }

  /// What its files' names end in.
  public var fileExtension: String {
    switch self {
    case .coco, .masks, .cheXlocalize, .labelMe: "json"
    case .labelMap: "png"
    case .boxes: "csv"
    case .yolo: "txt"
    case .pascalVOC: "xml"
    }
  }

  /// The format that a file name asks for: `.png` a label map, `.csv` boxes, `.xml` Pascal VOC, `.txt` YOLO, else COCO.
  public init(forFileNamed name: String) {
    let name = name.lowercased()
    self = name.hasSuffix(".png") ? .labelMap : name.hasSuffix(".csv") ? .boxes : name.hasSuffix(".xml") ? .pascalVOC : name.hasSuffix(".txt") ? .yolo : .coco
  }

  /// The files that hold the regions: first the one that is named, then those that lie beside it.
  ///
  /// - Parameters:
  ///   - name: of the file to write, without a folder.
  ///   - imageName: the radiograph's file name.
  ///   - classes: the `classes.txt` that is there already, as YOLO's files of one folder share it; new names come behind its lines.
  /// - Throws: `RegionError.notHeld` where the format cannot hold a region: a label map no overlap, some formats no unknown side.
  public func write(
    _ set: RegionSet, named name: String, imageName: String, classes: [UInt8] = []
  ) throws(RegionError) -> [RegionFile] {
    switch self {
    case .coco: try COCORegions.write(set, named: name, imageName: imageName)
    case .labelMap: try LabelMapRegions.write(set, named: name)
    case .masks: try MaskFileRegions.write(set, named: name)
    case .cheXlocalize: try CheXlocalizeRegions.write(set, named: name, imageName: imageName)
    case .boxes: try BoxTableRegions.write(set, named: name, imageName: imageName)
    case .yolo: try YOLORegions.write(set, named: name, classes: YOLORegions.classes(classes))
    case .pascalVOC: try PascalVOCRegions.write(set, named: name, imageName: imageName)
    case .labelMe: try LabelMeRegions.write(set, named: name, imageName: imageName)
    }
  }
}
