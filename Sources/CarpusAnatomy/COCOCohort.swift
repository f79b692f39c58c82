import CarpusImaging

/// A COCO file of many radiographs, taken apart once; the regions of each radiograph are made when they are asked for.
struct COCOCohort: Sendable {
  private let images: [COCOImage]
  private let names: ImageNames
  private let categories: [Int: COCOCategory]
  private let annotations: [Int: [RegionNode]]

  /// - Throws: `RegionError` where this is no COCO file.
  init(_ file: RegionNode) throws(RegionError) {
    var images: [COCOImage] = []
    for node in try file.required("images").elements() { images.append(try COCOImage(node)) }
    var categories: [Int: COCOCategory] = [:]
    for node in try file.required("categories").elements() {
      let id = try node.required("id").integer()
      guard categories.updateValue(try COCOCategory(node), forKey: id) == nil else {
        throw node.error("the id \(id) is given twice")
      }
    }
    var annotations: [Int: [RegionNode]] = [:]
    for node in try file.required("annotations").elements() {
      annotations[try node.required("image_id").integer(), default: []].append(node)
    }
    self.images = images
    self.categories = categories
    self.annotations = annotations
    names = ImageNames(images.map(\.name))
  }

  func file(of imageName: String?) throws(RegionError) -> COCOFile {
    let (index, isOtherName) = try names.choose(imageName)
    var own: [COCOAnnotation] = []
    for node in annotations[images[index].id] ?? [] { own.append(try COCOAnnotation(node)) }
    return COCOFile(image: images[index], isOtherName: isOtherName, categories: categories, annotations: own)
  }

  /// The radiographs, in the order of the file.
  var listed: [RegionCohort.Image] {
    images.map { RegionCohort.Image(name: $0.name, size: PixelSize(width: $0.width, height: $0.height)) }
  }
}
