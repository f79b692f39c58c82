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
/// the order of the file. The side comes from `attributes.laterality` or from a name that begins with `L:`, `R:`,
/// `left` or `right`; it is never guessed from the picture or its file name.
public enum COCORegions {
  /// The radius of a keypoint's disc where none is given: 3 % of the radiograph's height, 27 pixels on a hand 910
  /// pixels high. The height is taken, not the longer side, because hands stand upright on radiographs: two hands
  /// side by side double the width and leave the height.
  public static func defaultKeypointRadius(for size: PixelSize) -> Double { 0.03 * Double(size.height) }

  /// - Parameters:
  ///   - bytes: the file.
  ///   - imageName: the radiograph's name or path; the last component is compared with the last component of
  ///     `file_name`, then without the extension. `nil` where the file knows one image only.
  ///   - imageSize: the radiograph's size, which the file must confirm.
  ///   - keypointRadius: radius of a keypoint's disc in pixels; see `defaultKeypointRadius(for:)`.
  /// - Throws: `RegionError` for anything that is not what it should be: nothing is repaired silently. What lies partly
  ///   outside the radiograph is cut off with a warning.
  public static func read(
    _ bytes: [UInt8], imageName: String?, imageSize: PixelSize, keypointRadius: Double? = nil
  ) throws(RegionError) -> RegionSet {
    let file = try COCOFile(bytes, imageName: imageName)
    let drawnOn = PixelSize(width: file.image.width, height: file.image.height)
    guard drawnOn == imageSize else { throw .otherSize(mask: drawnOn, radiograph: imageSize) }
    let radius = keypointRadius ?? defaultKeypointRadius(for: imageSize)
    guard radius > 0, radius.isFinite else { throw .malformed(at: "", "a keypoint's radius of \(radius) pixels holds nothing") }
    var assembly = RegionAssembly(size: imageSize)
    if file.isOtherName { assembly.warnings.append(.onlyImage(RegionName.cleaned(file.image.name ?? "unnamed"))) }
    for annotation in file.annotations {
      guard let category = file.categories[annotation.category] else {
        throw .malformed(at: annotation.place, "there is no category \(annotation.category)")
      }
      try add(annotation, of: category, keypointRadius: radius, to: &assembly)
    }
    return try RegionSet(size: imageSize, regions: assembly.regions, warnings: assembly.warnings)
  }

  private static func add(
    _ annotation: COCOAnnotation, of category: COCOCategory, keypointRadius: Double, to assembly: inout RegionAssembly
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
    _ keypoints: [Double], of annotation: COCOAnnotation, _ category: COCOCategory, radius: Double,
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
    var isVisible = false
    for (index, name) in names.enumerated() where keypoints[3 * index + 2] > 0 {
      isVisible = true
      let identity = assembly.identity(name, annotation.laterality)
      try assembly.add(identity, keypoint: PixelPoint(x: keypoints[3 * index], y: keypoints[3 * index + 1]), radius: radius)
    }
    if !isVisible { assembly.warnings.append(.noVisiblePoint(region: owner)) }
    if annotation.segmentation != nil { assembly.warnings.append(.outlineNotUsed(region: owner)) }
  }
}
