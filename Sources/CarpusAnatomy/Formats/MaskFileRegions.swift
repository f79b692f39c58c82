import CarpusImaging

/// One PNG for each region and a sidecar that names them: `{"schema": "carpus-regions/1", "regions": [{"id": "mcp2", "file": "mcp2.png"}, …]}`.
/// A pixel of the region has any value but 0 (or but the sidecar's `background`). Regions may overlap.
enum MaskFileRegions {
  static func read(_ sidecar: RegionSidecar, source: RegionSource) throws(RegionError) -> RegionSet {
    try sidecar.check(size: source.imageSize, sha256: source.imageSHA256)
    var regions: [Region] = []
    var runs = 0
    for entry in sidecar.regions {
      guard let file = entry.file, entry.label == nil else {
        throw .invalid(region: entry.id, "a region with a picture of its own has a ‘file’ and no ‘label’")
      }
      let image = try source.document.labels(try source.document.file(file), of: file)
      guard image.size == source.imageSize else { throw .otherSize(mask: image.size, radiograph: source.imageSize) }
      let mask = Mask(size: image.size, columns: 0..<image.size.width, rows: 0..<image.size.height) { x, y in
        Int(image.labels[y * image.size.width + x]) != sidecar.background
      }
      guard !mask.isEmpty else { throw .empty(region: entry.id) }
      runs += mask.runs.count
      guard runs <= RegionLimits.runs else { throw .tooMuch("runs of pixels", runs, limit: RegionLimits.runs) }
      regions.append(
        Region(
          id: entry.id, name: entry.name ?? entry.joint ?? entry.id, laterality: entry.laterality ?? .unspecified, source: .label(1), mask: mask))
    }
    return try RegionSet(size: source.imageSize, regions: regions, vocabulary: try sidecar.vocabulary())
  }

  /// The size that the sidecar says, or that of the first picture.
  static func size(_ sidecar: RegionSidecar, _ document: RegionDocument) throws(RegionError) -> PixelSize? {
    if let width = sidecar.width, let height = sidecar.height { return PixelSize(width: width, height: height) }
    guard let file = sidecar.regions.lazy.compactMap(\.file).first else { return nil }
    return try document.labels(try document.file(file), of: file).size
  }

  /// The sidecar first; the pictures have its name, the side and the id in theirs.
  static func write(_ set: RegionSet, named name: String) throws(RegionError) -> [RegionFile] {
    let stem = name.lastIndex(of: ".").map { name[..<$0] } ?? name[...]
    var files: [RegionFile] = []
    var entries: [(region: Region, key: String, value: String)] = []
    for region in set.regions {
      let side = region.laterality == .unspecified ? "" : "-\(region.laterality.rawValue)"
      let file = "\(stem)\(side)-\(region.id).png"
      var pixels = [UInt8](repeating: 0, count: set.size.count)
      for row in region.mask.rows {
        for run in region.mask.columns(inRow: row) {
          for pixel in row * set.size.width + run.lowerBound..<row * set.size.width + run.upperBound { pixels[pixel] = 255 }
        }
      }
      do { files.append(RegionFile(name: file, bytes: try PNG.encode(pixels, layout: .grey, size: set.size))) } catch {
        throw .malformed(at: file, error.description)
      }
      entries.append((region, "file", JSONString.quoted(file)))
    }
    let sidecar = RegionSidecar.text(entries, of: set, allowsOverlap: true)
    return [RegionFile(name: name, bytes: Array(sidecar.utf8))] + files
  }
}
