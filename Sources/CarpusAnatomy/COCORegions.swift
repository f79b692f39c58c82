public import CarpusImaging

/// Reads regions from COCO's JSON.
///
/// An annotation becomes
/// - one disc for each visible point (visibility above 0), named by the category's `keypoints`, if it has any;
/// - else the area of its `segmentation`: polygons (their union), run-length counts, or the compressed text form;
/// - else its `bbox`.
///
/// Coordinates are continuous: (0, 0) is the upper left corner of the upper left pixel. Names are those of the
/// categories; a second region of the same name and side gets `-2` behind its id and ` (2)` behind its name, and so on in
/// the order of the file. A name that the hand's vocabulary knows gives that term's id. The side comes from `attributes.laterality` or from
/// the name (`L:MCP2`, `right wrist`, `ulna_L`), and in files of RAM-H1200 and RAM-W600 from the radiograph's name; it is never guessed
/// from the picture.
public enum COCORegions {
  /// The radius of a keypoint's disc where none is given: 4.5 % of the diagonal of the box around the hand's visible points, so that it
  /// grows with the hand (24 to 30 pixels for the 15 joints of a hand 910 pixels high). Fewer than five points do not span a hand: there
  /// it is 3 % of the radiograph's height.
  public static func defaultKeypointRadius(of points: [PixelPoint], size: PixelSize) -> Double {
    guard points.count >= 5, let left = points.map(\.x).min(), let right = points.map(\.x).max(), let top = points.map(\.y).min(),
      let bottom = points.map(\.y).max()
    else { return 0.03 * Double(size.height) }
    return 0.045 * ((right - left) * (right - left) + (bottom - top) * (bottom - top)).squareRoot()
  }

  /// - Parameters:
  ///   - bytes: the file.
  ///   - imageName: the radiograph's name or path; the last component is compared with the last component of
  ///     `file_name`, then without the extension. `nil` where the file knows one image only.
  ///   - imageSize: the radiograph's size, which the file must confirm.
  ///   - keypointRadius: radius of a keypoint's disc in pixels; see `defaultKeypointRadius(of:size:)`.
  /// - Throws: `RegionError` for anything that is not what it should be: nothing is repaired silently. What lies partly
  ///   outside the radiograph is cut off with a warning.
  public static func read(
    _ bytes: [UInt8], imageName: String?, imageSize: PixelSize, keypointRadius: Double? = nil
  ) throws(RegionError) -> RegionSet {
    try read(RegionNode(bytes), imageName: imageName, imageSize: imageSize, keypointRadius: keypointRadius)
  }

  static func read(
    _ node: RegionNode, imageName: String?, imageSize: PixelSize, keypointRadius: Double? = nil
  ) throws(RegionError) -> RegionSet {
    try read(COCOCohort(node).file(of: imageName), imageSize: imageSize, keypointRadius: keypointRadius)
  }

  static func read(_ file: COCOFile, imageSize: PixelSize, keypointRadius: Double?) throws(RegionError) -> RegionSet {
    let drawnOn = PixelSize(width: file.image.width, height: file.image.height)
    guard drawnOn == imageSize else { throw .otherSize(mask: drawnOn, radiograph: imageSize) }
    if let radius = keypointRadius { try checkRadius(radius) }
    var assembly = RegionAssembly(size: imageSize)
    assembly.dialect = NameDialect(of: file.categories.values.map(\.name))
    if let side = assembly.dialect.side(ofFile: file.image.name), !file.annotations.isEmpty {
      assembly.defaultSide = side
      assembly.warnings.append(.sideOfFileName(side))
    }
    if file.isOtherName { assembly.warnings.append(.onlyImage(RegionName.cleaned(file.image.name ?? "unnamed"))) }
    for annotation in file.annotations {
      guard let category = file.categories[annotation.category] else {
        throw .malformed(at: annotation.place, "there is no category \(annotation.category)")
      }
      try add(annotation, of: category, keypointRadius: keypointRadius, to: &assembly)
    }
    return try assembly.set()
  }

  static func checkRadius(_ radius: Double) throws(RegionError) {
    guard radius > 0, radius.isFinite else { throw .malformed(at: "", "a keypoint's radius of \(radius) pixels holds nothing") }
  }

  private static func add(
    _ annotation: COCOAnnotation, of category: COCOCategory, keypointRadius: Double?, to assembly: inout RegionAssembly
  ) throws(RegionError) {
    if let keypoints = annotation.keypoints, !keypoints.isEmpty {
      try add(keypoints, of: annotation, category, radius: keypointRadius, to: &assembly)
      return
    }
    let identity = assembly.identity(category.name, annotation.laterality)
    switch annotation.segmentation {
    case .polygons(let lists):
      var polygons: [[PixelPoint]] = []
      for list in lists {
        guard list.count >= 6, list.count % 2 == 0 else {
          throw .invalid(region: identity.name, "a polygon of \(list.count) numbers; x and y of at least three points are needed")
        }
        polygons.append(stride(from: 0, to: list.count, by: 2).map { PixelPoint(x: list[$0], y: list[$0 + 1]) })
      }
      try assembly.add(identity, polygons: polygons)
    case .counts(let counts, let size):
      try assembly.add(identity, drawnOn: size) { size throws(RunLengthError) in
        try ColumnRunLength(counts: counts, size: size)
      }
    case .compressed(let text, let size):
      try assembly.add(identity, drawnOn: size) { size throws(RunLengthError) in
        try ColumnRunLength(compressed: text, size: size)
      }
    case nil:
      guard let box = annotation.box, !box.isEmpty else {
        throw .invalid(region: identity.name, "it has neither a segmentation nor a box nor keypoints")
      }
      guard box.count == 4, box[2] > 0, box[3] > 0 else {
        throw .invalid(region: identity.name, "its box is not x, y and a positive width and height")
      }
      try assembly.add(identity, box: PixelRectangle(minX: box[0], minY: box[1], maxX: box[0] + box[2], maxY: box[1] + box[3]))
    }
    if annotation.isGroup { assembly.warnings.append(.group(region: identity.name)) }
  }

  private static func add(
    _ keypoints: [Double], of annotation: COCOAnnotation, _ category: COCOCategory, radius: Double?,
    to assembly: inout RegionAssembly
  ) throws(RegionError) {
    let owner = RegionName.cleaned(category.name)
    guard keypoints.count % 3 == 0 else {
      throw .invalid(region: owner, "\(keypoints.count) numbers for keypoints; x, y and visibility of each are needed")
    }
    let names = category.keypoints ?? (1...keypoints.count / 3).map { "\(category.name) \($0)" }
    guard names.count == keypoints.count / 3 else {
      throw .invalid(region: owner, "\(keypoints.count / 3) keypoints, but the category names \(names.count)")
    }
    let visible = names.indices.filter { keypoints[3 * $0 + 2] > 0 }
    let points = visible.map { PixelPoint(x: keypoints[3 * $0], y: keypoints[3 * $0 + 1]) }
    let radius = radius ?? defaultKeypointRadius(of: points, size: assembly.size)
    if points.count > 0 { try checkRadius(radius) }
    for (name, point) in zip(visible.map { names[$0] }, points) {
      let identity = assembly.identity(name, annotation.laterality)
      try assembly.add(identity, keypoint: point, radius: radius)
    }
    if visible.isEmpty { assembly.warnings.append(.noVisiblePoint(region: owner)) }
    if annotation.segmentation != nil { assembly.warnings.append(.outlineNotUsed(region: owner)) }
  }
}
