extension COCORegions {
  /// COCO's JSON of one radiograph, with run lengths; the categories' supercategories are the kinds of the hand's vocabulary.
  static func write(_ set: RegionSet, named name: String, imageName: String) throws(RegionError) -> [RegionFile] {
    let regions = set.regions.map { (kind: set.vocabulary.term(of: $0)?.kind.rawValue ?? "region", region: $0) }
    var writer = COCOWriter()
    let entry = writer.append(try COCOEntry(fileName: imageName, size: set.size, regions: regions))
    return [RegionFile(name: name, bytes: Array((writer.start + entry + writer.end).utf8))]
  }
}
