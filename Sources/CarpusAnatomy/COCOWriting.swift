public import CarpusImaging

/// The regions of one radiograph as COCO's JSON has them: run lengths in text form, boxes, areas.
///
/// Making it is most of the work of writing, and may be done for several radiographs at a time.
public struct COCOEntry: Sendable {
  struct Annotation: Sendable {
    let category: COCOWriter.Category
    let counts: String
    /// x, y, width, height.
    let box: [Int]
    let area: Int
  }

  let fileName: String
  let size: PixelSize
  let annotations: [Annotation]

  /// - Parameters:
  ///   - fileName: the radiograph's file, without its folder.
  ///   - size: the radiograph's size.
  ///   - regions: each with its kind, which becomes the category's `supercategory`. One without pixels is left out.
  /// - Throws: `RegionError` for a region on another grid, and for one whose id and side cannot be told from the name of a category:
  ///   ids that begin with a side where none is said, and the sides `unpaired` and `unknown`.
  public init(fileName: String, size: PixelSize, regions: [(kind: String, region: Region)]) throws(RegionError) {
    self.fileName = fileName
    self.size = size
    var annotations: [Annotation] = []
    for (kind, region) in regions {
      guard region.mask.size == size else { throw .otherSize(mask: region.mask.size, radiograph: size) }
      guard let bounds = region.mask.bounds else { continue }
      let category = COCOWriter.Category(name: try RegionName.sided(region, in: "COCO"), kind: kind)
      let corner = [Int(bounds.minX), Int(bounds.minY)]
      annotations.append(
        Annotation(
          category: category, counts: ColumnRunLength(region.mask).compressed,
          box: corner + [Int(bounds.maxX) - corner[0], Int(bounds.maxY) - corner[1]], area: region.mask.count))
    }
    self.annotations = annotations
  }
}

/// Writes COCO's JSON front to back, radiograph by radiograph, so that the file need not fit into memory.
///
/// `COCORegions` reads every region back with its mask, id and side. Images, categories and annotations are numbered from 1 in the order
/// in which they come; images and categories stand behind the annotations. Source: the data format page of cocodataset.org.
public struct COCOWriter: Sendable {
  struct Category: Hashable, Sendable {
    let name, kind: String
  }

  private var images: [String] = []
  private var categories: [Category: Int] = [:]
  private var categoryLines: [String] = []
  private var annotationCount = 0

  public init() {}

  /// What the file begins with.
  public var start: String { "{\n\"annotations\": [" }

  /// What an image adds to the file.
  public mutating func append(_ entry: COCOEntry) -> String {
    let image = images.count + 1
    images.append(
      "{\"id\": \(image), \"file_name\": \(JSONString.quoted(entry.fileName)), \"width\": \(entry.size.width), \"height\": \(entry.size.height)}")
    var text = ""
    for annotation in entry.annotations {
      text += annotationCount == 0 ? "\n" : ",\n"
      annotationCount += 1
      text += "{\"id\": \(annotationCount), \"image_id\": \(image), \"category_id\": \(number(of: annotation.category)), \"iscrowd\": 0, "
      text += "\"area\": \(annotation.area), \"bbox\": \(annotation.box), \"segmentation\": {\"size\": [\(entry.size.height), \(entry.size.width)], "
      text += "\"counts\": \(JSONString.quoted(annotation.counts))}}"
    }
    return text
  }

  /// What the file ends with.
  public var end: String {
    "\n],\n\"images\": [\n\(images.joined(separator: ",\n"))\n],\n\"categories\": [\n\(categoryLines.joined(separator: ",\n"))\n]\n}\n"
  }

  private mutating func number(of category: Category) -> Int {
    if let number = categories[category] { return number }
    let number = categories.count + 1
    categories[category] = number
    categoryLines.append(
      "{\"id\": \(number), \"name\": \(JSONString.quoted(category.name)), \"supercategory\": \(JSONString.quoted(category.kind))}")
    return number
  }
}

/// A text as JSON has it (RFC 8259).
enum JSONString {
  static func quoted(_ text: String) -> String {
    var quoted = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\":
        quoted.unicodeScalars.append("\\")
        quoted.unicodeScalars.append(scalar)
      case "\0"..<" ":
        let code = String(scalar.value, radix: 16)
        quoted += "\\u" + String(repeating: "0", count: 4 - code.count) + code
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }
}
