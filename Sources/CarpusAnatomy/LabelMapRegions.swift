public import CarpusImaging

/// Reads regions from a label map and its sidecar, a JSON file of the schema `carpus-regions/1`.
///
/// The sidecar names the values of the picture: `{"schema": "carpus-regions/1", "regions": [{"id": "mcp2", "label": 3,
/// "laterality": "L", "name": "MCP 2"}, …]}`, with `background` (0 unless said), a list of values to `ignore`, and
/// the `image` (`width`, `height`, `sha256`) that it belongs to. Beyond the schema:
/// - the label map has the radiograph's size; nothing is resized;
/// - every value of the picture is a region's, the background or ignored;
/// - a value belongs to one region (to several with `"overlap": "allow"`) and is not the background;
/// - an id is used once on each side; no region is empty; keys that the schema does not know are errors.
public enum LabelMapRegions {
  /// - Parameters:
  ///   - labels: one value for each pixel, row by row: the grey value or palette index, not a colour.
  ///   - size: the label map's size.
  ///   - sidecar: the JSON file.
  ///   - imageSize: the radiograph's size.
  ///   - imageSHA256: the radiograph file's SHA-256 in lower-case hexadecimal; compared where the sidecar names one.
  /// - Precondition: `labels` has `size.count` elements.
  public static func read(
    labels: [UInt16], size: PixelSize, sidecar: [UInt8], imageSize: PixelSize, imageSHA256: String? = nil
  ) throws(RegionError) -> RegionSet {
    precondition(labels.count == size.count, "\(labels.count) labels for a grid of \(size)")
    return try read(labels, size: size, sidecar: RegionSidecar(sidecar), imageSize: imageSize, imageSHA256: imageSHA256)
  }

  static func read(_ image: LabelImage, sidecar: RegionSidecar, source: RegionSource) throws(RegionError) -> RegionSet {
    try read(image.labels, size: image.size, sidecar: sidecar, imageSize: source.imageSize, imageSHA256: source.imageSHA256)
  }

  private static func read(
    _ labels: [UInt16], size: PixelSize, sidecar: RegionSidecar, imageSize: PixelSize, imageSHA256: String?
  ) throws(RegionError) -> RegionSet {
    guard size == imageSize else { throw .otherSize(mask: size, radiograph: imageSize) }
    try sidecar.check(size: imageSize, sha256: imageSHA256)
    let values = try values(of: sidecar)
    try checkDeclared(labels, values, sidecar)
    let distinct = Array(Set(values)).sorted()
    let masks = Dictionary(uniqueKeysWithValues: zip(distinct, Mask.masks(ofLabels: labels, size: size, values: distinct)))
    var regions: [Region] = []
    for (entry, value) in zip(sidecar.regions, values) {
      guard let mask = masks[value], !mask.isEmpty else { throw .empty(region: entry.id) }
      regions.append(
        Region(
          id: entry.id, name: entry.name ?? entry.joint ?? entry.id, laterality: entry.laterality ?? .unspecified,
          source: .label(value), mask: mask))
    }
    return try RegionSet(size: size, regions: regions, vocabulary: try sidecar.vocabulary())
  }

  /// The value of each region.
  private static func values(of sidecar: RegionSidecar) throws(RegionError) -> [UInt16] {
    var values: [UInt16] = []
    for region in sidecar.regions {
      guard let label = region.label, region.file == nil else {
        throw .invalid(region: region.id, "a region of a label map has a ‘label’ and no ‘file’")
      }
      guard let value = UInt16(exactly: label), value > 0 else {
        throw .invalid(region: region.id, "its label is \(label); labels are 1 to 65535")
      }
      guard label != sidecar.background else { throw .invalid(region: region.id, "its label \(label) is the background's") }
      guard !sidecar.ignore.contains(label) else { throw .invalid(region: region.id, "its label \(label) is to be ignored") }
      guard sidecar.allowsOverlap || !values.contains(value) else {
        throw .invalid(
          region: region.id, "its label \(label) is that of another region; ‘\"overlap\": \"allow\"’ would permit it")
      }
      values.append(value)
    }
    return values
  }

  private static func checkDeclared(_ labels: [UInt16], _ values: [UInt16], _ sidecar: RegionSidecar) throws(RegionError) {
    var isDeclared = [Bool](repeating: false, count: Int(UInt16.max) + 1)
    for label in values.map(Int.init) + sidecar.ignore + [sidecar.background] where isDeclared.indices.contains(label) {
      isDeclared[label] = true
    }
    var pixels = 0
    var strangers: Set<UInt16> = []
    for label in labels where !isDeclared[Int(label)] {
      pixels += 1
      strangers.insert(label)
    }
    guard pixels == 0 else { throw .undeclaredLabels(strangers.sorted(), pixels: pixels) }
  }
}

extension LabelMapRegions {
  /// A grey PNG of 8 bits (16 where there are more than 255 regions), whose values count the regions from 1, and its sidecar.
  ///
  /// - Throws: `RegionError.notHeld` where two regions share pixels: a pixel of a label map has one owner.
  static func write(_ set: RegionSet, named name: String) throws(RegionError) -> [RegionFile] {
    var labels = [UInt16](repeating: 0, count: set.size.count)
    for (index, region) in set.regions.enumerated() {
      guard let label = UInt16(exactly: index + 1) else { throw .tooMuch("regions", set.regions.count, limit: Int(UInt16.max)) }
      for row in region.mask.rows {
        for run in region.mask.columns(inRow: row) {
          for pixel in row * set.size.width + run.lowerBound..<row * set.size.width + run.upperBound {
            guard labels[pixel] == 0 else {
              throw .notHeld("a label map", "pixels of two regions, here of ‘\(set.regions[Int(labels[pixel]) - 1].name)’ and ‘\(region.name)’")
            }
            labels[pixel] = label
          }
        }
      }
    }
    let png: [UInt8]
    do {
      png = set.regions.count <= 255
        ? try PNG.encode(labels.map { UInt8($0) }, layout: .grey, size: set.size) : try PNG.encode(grey: labels, size: set.size)
    } catch { throw .malformed(at: "", error.description) }
    let entries = set.regions.enumerated().map { (region: $1, key: "label", value: String($0 + 1)) }
    let stem = name.lowercased().hasSuffix(".png") ? String(name.dropLast(4)) : name
    return [
      RegionFile(name: name, bytes: png),
      RegionFile(name: stem + ".json", bytes: Array(RegionSidecar.text(entries, of: set, allowsOverlap: false).utf8)),
    ]
  }
}
