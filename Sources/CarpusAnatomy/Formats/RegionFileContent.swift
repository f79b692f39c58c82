import CarpusImaging

/// A file of regions, recognised and taken apart.
enum RegionFileContent: Sendable {
  case coco(COCOCohort), labelMap(LabelImage, RegionSidecar), masks(RegionSidecar), cheXlocalize(RegionNode), labelMe(RegionNode)
  case pascalVOC(XMLElement), yolo([Substring]), boxes(TextTable)

  init(_ document: RegionDocument) throws(RegionError) {
    if document.bytes.starts(with: [0x89, 0x50, 0x4e, 0x47]) {
      let labels = try document.labels(document.bytes, of: document.name)
      let sidecar = try RegionSidecar(try document.first(of: [document.stem + ".json", document.name + ".json"]))
      self = .labelMap(labels, sidecar)
      return
    }
    switch document.bytes.first(where: { ![9, 10, 13, 32, 0xef, 0xbb, 0xbf].contains($0) }) {
    case UInt8(ascii: "{"), UInt8(ascii: "["): self = try RegionFileContent(json: try RegionNode(document.bytes), document)
    case UInt8(ascii: "<"): self = .pascalVOC(try XMLReader.read(try document.text()))
    case nil: throw .unknownFormat
    default:
      let text = try document.text()
      if let lines = YOLORegions.lines(of: text) {
        self = .yolo(lines)
      } else if let table = try TextTable(text) {
        self = .boxes(table)
      } else {
        throw .unknownFormat
      }
    }
  }

  private init(json node: RegionNode, _ document: RegionDocument) throws(RegionError) {
    guard node.isObject else { throw .unknownFormat }
    if try node.optional("schema") != nil {
      let sidecar = try RegionSidecar(node)
      if sidecar.regions.contains(where: { $0.file != nil }) {
        self = .masks(sidecar)
      } else {
        let name = document.name.lowercased().hasSuffix(".png.json") ? document.stem : document.stem + ".png"
        self = .labelMap(try document.labels(try document.file(name), of: name), sidecar)
      }
    } else if try node.optional("shapes") != nil {
      self = .labelMe(node)
    } else if try node.optional("images") != nil {
      self = .coco(try COCOCohort(node))
    } else if try CheXlocalizeRegions.isFile(node) {
      self = .cheXlocalize(node)
    } else if try node.optional("annotations") != nil {
      self = .coco(try COCOCohort(node))
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

  /// The radiographs that the file speaks of, in its order; never none.
  func images(_ document: RegionDocument) throws(RegionError) -> [RegionCohort.Image] {
    switch self {
    case .coco(let cohort): cohort.listed
    case .labelMap(let labels, _): [RegionCohort.Image(name: nil, size: labels.size)]
    case .masks(let sidecar): [RegionCohort.Image(name: nil, size: try MaskFileRegions.size(sidecar, document))]
    case .cheXlocalize(let node): try CheXlocalizeRegions.images(node)
    case .labelMe(let node): [try LabelMeRegions.image(node)]
    case .pascalVOC(let root): [try PascalVOCRegions.image(root)]
    case .yolo: [RegionCohort.Image(name: nil, size: nil)]
    case .boxes(let table): BoxTableRegions.images(table)
    }
  }

  func regions(of source: RegionSource) throws(RegionError) -> RegionSet {
    if let radius = source.keypointRadius { try COCORegions.checkRadius(radius) }
    return switch self {
    case .coco(let cohort):
      try COCORegions.read(cohort.file(of: source.imageName), imageSize: source.imageSize, keypointRadius: source.keypointRadius)
    case .labelMap(let labels, let sidecar): try LabelMapRegions.read(labels, sidecar: sidecar, source: source)
    case .masks(let sidecar): try MaskFileRegions.read(sidecar, source: source)
    case .cheXlocalize(let node): try CheXlocalizeRegions.read(node, source: source)
    case .labelMe(let node): try LabelMeRegions.read(node, source: source)
    case .pascalVOC(let root): try PascalVOCRegions.read(root, source: source)
    case .yolo(let lines): try YOLORegions.read(lines, source: source)
    case .boxes(let table): try BoxTableRegions.read(table, source: source)
    }
  }
}
