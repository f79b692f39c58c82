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
  public static func detect(_ source: RegionSource) throws(RegionError) -> RegionFormat { try RegionFileContent(source).format }

  /// Reads regions in whatever format they are.
  ///
  /// - Throws: `RegionError` for anything that is not what it should be; see the readers.
  public static func read(_ source: RegionSource) throws(RegionError) -> RegionSet {
    if let radius = source.keypointRadius { try COCORegions.checkRadius(radius) }
    let content = try RegionFileContent(source)
    return switch content {
    case .coco(let node):
      try COCORegions.read(node, imageName: source.imageName, imageSize: source.imageSize, keypointRadius: source.keypointRadius)
    case .labelMap(let labels, let sidecar): try LabelMapRegions.read(labels, sidecar: sidecar, source: source)
    case .masks(let sidecar): try MaskFileRegions.read(sidecar, source: source)
    case .cheXlocalize(let node): try CheXlocalizeRegions.read(node, source: source)
    case .labelMe(let node): try LabelMeRegions.read(node, source: source)
    case .pascalVOC(let root): try PascalVOCRegions.read(root, source: source)
    case .yolo(let lines): try YOLORegions.read(lines, source: source)
    case .boxes(let table): try BoxTableRegions.read(table, source: source)
    }
  }

  /// Whether the format keeps bounding boxes only.
  public var holdsBoxesOnly: Bool { self == .boxes || self == .yolo || self == .pascalVOC }

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
  /// - Throws: `RegionError.notHeld` where the format cannot hold a region: a label map no overlap, some formats no unknown side.
  public func write(_ set: RegionSet, named name: String, imageName: String) throws(RegionError) -> [RegionFile] {
    switch self {
    case .coco: try COCORegions.write(set, named: name, imageName: imageName)
    case .labelMap: try LabelMapRegions.write(set, named: name)
    case .masks: try MaskFileRegions.write(set, named: name)
    case .cheXlocalize: try CheXlocalizeRegions.write(set, named: name, imageName: imageName)
    case .boxes: try BoxTableRegions.write(set, named: name, imageName: imageName)
    case .yolo: try YOLORegions.write(set, named: name)
    case .pascalVOC: try PascalVOCRegions.write(set, named: name, imageName: imageName)
    case .labelMe: try LabelMeRegions.write(set, named: name, imageName: imageName)
    }
  }
}

/// A file of regions, recognised and taken apart.
enum RegionFileContent {
  case coco(RegionNode), labelMap(LabelImage, RegionSidecar), masks(RegionSidecar), cheXlocalize(RegionNode), labelMe(RegionNode)
  case pascalVOC(XMLElement), yolo([Substring]), boxes(TextTable)

  init(_ source: RegionSource) throws(RegionError) {
    if source.bytes.starts(with: [0x89, 0x50, 0x4e, 0x47]) {
      let labels = try source.labels(source.bytes, of: source.name)
      let sidecar = try RegionSidecar(try source.first(of: [source.stem + ".json", source.name + ".json"]))
      self = .labelMap(labels, sidecar)
      return
    }
    switch source.bytes.first(where: { ![9, 10, 13, 32, 0xef, 0xbb, 0xbf].contains($0) }) {
    case UInt8(ascii: "{"), UInt8(ascii: "["): self = try RegionFileContent(json: try RegionNode(source.bytes), source)
    case UInt8(ascii: "<"): self = .pascalVOC(try XMLReader.read(try source.text()))
    case nil: throw .unknownFormat
    default:
      let text = try source.text()
      if let lines = YOLORegions.lines(of: text) {
        self = .yolo(lines)
      } else if let table = try TextTable(text) {
        self = .boxes(table)
      } else {
        throw .unknownFormat
      }
    }
  }

  private init(json node: RegionNode, _ source: RegionSource) throws(RegionError) {
    guard node.isObject else { throw .unknownFormat }
    if try node.optional("schema") != nil {
      let sidecar = try RegionSidecar(node)
      if sidecar.regions.contains(where: { $0.file != nil }) {
        self = .masks(sidecar)
      } else {
        let name = source.name.lowercased().hasSuffix(".png.json") ? source.stem : source.stem + ".png"
        self = .labelMap(try source.labels(try source.file(name), of: name), sidecar)
      }
    } else if try node.optional("shapes") != nil {
      self = .labelMe(node)
    } else if try node.optional("images") != nil {
      self = .coco(node)
    } else if try CheXlocalizeRegions.isFile(node) {
      self = .cheXlocalize(node)
    } else if try node.optional("annotations") != nil {
      self = .coco(node)
    } else {
      throw .unknownFormat
    }
  }

  var format: RegionFormat {
    switch self {
    case .coco: .coco
    case .labelMap: .labelMap
    case .masks: .masks
    case .cheXlocalize: .cheXlocalize
    case .labelMe: .labelMe
    case .pascalVOC: .pascalVOC
    case .yolo: .yolo
    case .boxes: .boxes
    }
  }
}
