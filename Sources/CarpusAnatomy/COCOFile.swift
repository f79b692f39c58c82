/// What is read from COCO's JSON: the image that is the radiograph, the categories, the image's annotations.
///
/// Source: the data format page of cocodataset.org.
struct COCOFile {
  let image: COCOImage
  /// The radiograph has another name, but the file knows one image only.
  let isOtherName: Bool
  let categories: [Int: COCOCategory]
  let annotations: [COCOAnnotation]
}

struct COCOImage {
  let id: Int
  let name: String?
  let width, height: Int

  init(_ node: RegionNode) throws(RegionError) {
    id = try node.required("id").integer()
    name = try node.optional("file_name")?.string()
    width = try node.required("width").integer()
    height = try node.required("height").integer()
  }
}

struct COCOCategory {
  let name: String
  /// Names of the marked points, in the order of an annotation's points.
  let keypoints: [String]?

  init(_ node: RegionNode) throws(RegionError) {
    name = try node.required("name").string()
    var keypoints: [String]?
    if let nodes = try node.optional("keypoints")?.elements() {
      var names: [String] = []
      for node in nodes { names.append(try node.string()) }
      keypoints = names
    }
    self.keypoints = keypoints
  }
}

struct COCOAnnotation {
  enum Segmentation {
    case polygons([[Double]])
    case counts([Int], size: [Int])
    case compressed(String, size: [Int])
  }

  let place: String
  let category: Int
  let segmentation: Segmentation?
  /// x, y, width, height.
  let box: [Double]?
  /// x, y, visibility for each point.
  let keypoints: [Double]?
  let isGroup: Bool
  let laterality: Laterality?

  init(_ node: RegionNode) throws(RegionError) {
    place = node.place
    category = try node.required("category_id").integer()
    segmentation = try COCOAnnotation.segmentation(node.optional("segmentation"))
    box = try node.optional("bbox")?.numbers()
    keypoints = try node.optional("keypoints")?.numbers()
    isGroup = try node.optional("iscrowd")?.integer() == 1
    // Attributes are free: whatever else they hold is none of our business.
    let side = try? node.optional("attributes")?.optional("laterality")?.string().lowercased()
    laterality =
      switch side {
      case "l", "left": .left
      case "r", "right": .right
      default: nil
      }
  }

  /// `nil` for a missing or empty segmentation.
  private static func segmentation(_ node: RegionNode?) throws(RegionError) -> Segmentation? {
    guard let node else { return nil }
    guard node.isObject else {
      var polygons: [[Double]] = []
      for polygon in try node.elements() { polygons.append(try polygon.numbers()) }
      return polygons.isEmpty ? nil : .polygons(polygons)
    }
    let size = try node.required("size").integers()
    let counts = try node.required("counts")
    if case .string(let text) = counts.value { return .compressed(text, size: size) }
    return .counts(try counts.integers(), size: size)
  }
}
