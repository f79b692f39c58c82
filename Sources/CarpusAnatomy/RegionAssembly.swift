import CarpusImaging

/// Regions on their way from a file into a set: names, sides, limits, what lies outside.
struct RegionAssembly {
  struct Identity {
    let id, name: String
    let laterality: Laterality
  }

  let size: PixelSize
  /// How the file's author names things.
  var dialect = NameDialect.common
  /// The side of regions that say none themselves.
  var defaultSide: Laterality?
  private(set) var regions: [Region] = []
  var warnings: [RegionWarning] = []
  private var taken: Set<String> = []
  private var runs = 0

  init(size: PixelSize) { self.size = size }

  /// Takes the next free id for a name: that of the hand's vocabulary where it knows the name. `laterality` where the name does not say it.
  mutating func identity(_ name: String, _ laterality: Laterality?) -> Identity {
    let side = RegionName.laterality(of: name)
    let laterality = side?.0 ?? laterality ?? defaultSide ?? .unspecified
    let name = RegionName.cleaned(side?.rest ?? name)
    let (id, number) = RegionName.unique(dialect.term(named: name)?.id ?? RegionName.id(from: name)) { taken.contains("\(laterality.rawValue):\($0)") }
    taken.insert("\(laterality.rawValue):\(id)")
    let numbered = number == 1 ? name : "\(String(name.unicodeScalars.prefix(RegionName.lengthLimit - 8))) (\(number))"
    return Identity(id: id, name: numbered, laterality: laterality)
  }

  mutating func add(_ identity: Identity, polygons: [[PixelPoint]]) throws(RegionError) {
    let xs = polygons.lazy.joined().map(\.x)
    let ys = polygons.lazy.joined().map(\.y)
    try place(
      identity, PixelRectangle(minX: xs.min() ?? 0, minY: ys.min() ?? 0, maxX: xs.max() ?? 0, maxY: ys.max() ?? 0))
    let rasters = polygons.map { PolygonRaster($0, size: size) }
    try spend(rasters.reduce(0) { $0 + $1.crossingCount })
    try add(identity, .polygons, Mask.union(of: rasters.map(\.mask), size: size))
  }

  mutating func add(_ identity: Identity, box: PixelRectangle) throws(RegionError) {
    try place(identity, box)
    try add(identity, .box, Mask(box, size: size))
  }

  mutating func add(_ identity: Identity, keypoint: PixelPoint, radius: Double) throws(RegionError) {
    try place(
      identity,
      PixelRectangle(minX: keypoint.x - radius, minY: keypoint.y - radius, maxX: keypoint.x + radius, maxY: keypoint.y + radius))
    try add(identity, .keypoint(keypoint, radius: radius), Mask(discAt: keypoint, radius: radius, size: size))
  }

  /// - Parameter drawnOn: height and width as the file has them.
  mutating func add(
    _ identity: Identity, drawnOn: [Int], _ read: (PixelSize) throws(RunLengthError) -> ColumnRunLength
  ) throws(RegionError) {
    guard drawnOn.count == 2 else { throw .invalid(region: identity.name, "its size is not a height and a width") }
    let other = PixelSize(width: drawnOn[1], height: drawnOn[0])
    guard other == size else { throw .otherSize(mask: other, radiograph: size) }
    let mask: Mask
    do { mask = try read(size).mask } catch { throw .invalid(region: identity.name, error.description) }
    try add(identity, .runLength, mask)
  }

  mutating func add(_ identity: Identity, _ source: Region.Source, _ mask: Mask) throws(RegionError) {
    guard !mask.isEmpty else { throw .empty(region: identity.name) }
    guard regions.count < RegionLimits.regions else {
      throw .tooMuch("regions", regions.count + 1, limit: RegionLimits.regions)
    }
    try spend(mask.runs.count)
    regions.append(Region(id: identity.id, name: identity.name, laterality: identity.laterality, source: source, mask: mask))
  }

  /// Checks where a shape lies. A shape that goes beyond the grid by less than half a pixel loses no pixel.
  private mutating func place(_ identity: Identity, _ extent: PixelRectangle) throws(RegionError) {
    let far = 1e9
    guard extent.minX >= -far, extent.minY >= -far, extent.maxX <= far, extent.maxY <= far else {
      throw .invalid(region: identity.name, "a coordinate lies beyond ±10⁹ pixels")
    }
    let width = Double(size.width)
    let height = Double(size.height)
    guard extent.maxX > 0, extent.maxY > 0, extent.minX < width, extent.minY < height else {
      throw .outside(region: identity.name)
    }
    if extent.minX <= -0.5 || extent.minY <= -0.5 || extent.maxX > width + 0.5 || extent.maxY > height + 0.5 {
      warnings.append(.clipped(region: identity.name))
    }
  }

  private mutating func spend(_ cost: Int) throws(RegionError) {
    runs += cost
    guard runs <= RegionLimits.runs else { throw .tooMuch("runs of pixels", runs, limit: RegionLimits.runs) }
  }
}

extension RegionAssembly {
  /// The regions as a set.
  func set() throws(RegionError) -> RegionSet { try RegionSet(size: size, regions: regions, warnings: warnings) }
}
