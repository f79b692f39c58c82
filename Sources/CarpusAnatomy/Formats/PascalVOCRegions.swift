import CarpusImaging

/// Pascal VOC's XML: one radiograph, boxes of whole pixels that are counted from 1, both ends included: `xmin` 1 and `xmax` 1 is the first column.
///
/// Source: the annotation guide of the PASCAL Visual Object Classes Challenge. Some tools count from 0; there the box is a pixel too far
/// to the upper left, and one that begins at 0 is cut off with a warning.
enum PascalVOCRegions {
  static func image(_ root: XMLElement) throws(RegionError) -> RegionCohort.Image {
    guard root.name == "annotation" else {
      throw .malformed(at: "line \(root.line)", "the first element is ‘annotation’ in Pascal VOC, not ‘\(RegionName.cleaned(root.name))’")
    }
    var size: PixelSize?
    // Tools that did not open the picture write 0.
    if let element = root.first("size") {
      let drawn = PixelSize(width: try element.integer("width"), height: try element.integer("height"))
      size = drawn == PixelSize(width: 0, height: 0) ? nil : drawn
    }
    return RegionCohort.Image(name: root.first("filename").map(\.trimmed), size: size)
  }

  static func read(_ root: XMLElement, source: RegionSource) throws(RegionError) -> RegionSet {
    var assembly = RegionAssembly(size: source.imageSize)
    let image = try image(root)
    if try ImageNames([image.name]).choose(source.imageName).isOtherName, let name = image.name {
      assembly.warnings.append(.onlyImage(RegionName.cleaned(name)))
    }
    if let drawn = image.size, drawn != source.imageSize { throw .otherSize(mask: drawn, radiograph: source.imageSize) }
    let objects = root.children.filter { $0.name == "object" }
    assembly.dialect = NameDialect(of: objects.compactMap { $0.first("name")?.trimmed })
    for object in objects {
      let identity = assembly.identity(try object.required("name").trimmed, nil)
      let box = try object.required("bndbox")
      let (left, top, right, bottom) = (try box.number("xmin"), try box.number("ymin"), try box.number("xmax"), try box.number("ymax"))
      guard left <= right, top <= bottom else { throw .invalid(region: identity.name, "its box ends before it begins") }
      try assembly.add(identity, box: PixelRectangle(minX: left - 1, minY: top - 1, maxX: right, maxY: bottom))
    }
    return try assembly.set()
  }

  static func write(_ set: RegionSet, named name: String, imageName: String) throws(RegionError) -> [RegionFile] {
    var text = "<annotation>\n  <filename>\(imageName.escapedForXML)</filename>\n"
    text += "  <size><width>\(set.size.width)</width><height>\(set.size.height)</height><depth>1</depth></size>\n  <segmented>0</segmented>\n"
    for region in set.regions {
      guard let box = region.mask.bounds else { continue }
      let title = try RegionName.sided(region, in: "Pascal VOC's format").escapedForXML
      text += "  <object>\n    <name>\(title)</name>\n    <bndbox><xmin>\(Int(box.minX) + 1)</xmin><ymin>\(Int(box.minY) + 1)</ymin>"
      text += "<xmax>\(Int(box.maxX))</xmax><ymax>\(Int(box.maxY))</ymax></bndbox>\n  </object>\n"
    }
    return [RegionFile(name: name, bytes: Array((text + "</annotation>\n").utf8))]
  }
}

extension XMLElement {
  var trimmed: String {
    let text = text.drop(while: \.isWhitespace)
    return String(text.reversed().drop(while: \.isWhitespace).reversed())
  }

  fileprivate func required(_ name: String) throws(RegionError) -> XMLElement {
    guard let element = first(name) else { throw .malformed(at: "line \(line)", "‘\(RegionName.cleaned(self.name))’ has no ‘\(name)’") }
    return element
  }

  fileprivate func number(_ name: String) throws(RegionError) -> Double {
    let element = try required(name)
    guard let value = Double(element.trimmed), value.isFinite else { throw .malformed(at: "line \(element.line)", "‘\(name)’ is no number") }
    return value
  }

  fileprivate func integer(_ name: String) throws(RegionError) -> Int {
    let element = try required(name)
    guard let value = Int(element.trimmed) else { throw .malformed(at: "line \(element.line)", "‘\(name)’ is no whole number") }
    return value
  }
}
