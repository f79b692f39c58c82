import CarpusAnatomy
import CarpusImaging
import CarpusTestSupport
import Foundation
import Testing

@Suite struct COCOWritingTests {
  func file(_ entries: [COCOEntry]) -> [UInt8] {
    var writer = COCOWriter()
    return Array((writer.start + entries.map { writer.append($0) }.joined() + writer.end).utf8)
  }

  func region(_ id: String, _ side: Laterality, _ mask: Mask) -> Region {
    Region(id: id, name: "any", laterality: side, source: .runLength, mask: mask)
  }

  @Test func regionsComeBackFromAFileOfSeveralImages() throws {
    let shapes = try ShapeCase.all().filter { $0.pixels > 0 }
    var entries: [COCOEntry] = []
    for (index, shape) in shapes.enumerated() {
      let whole = Mask(allOf: shape.size)
      entries.append(
        try COCOEntry(
          fileName: "\(index).png", size: shape.size,
          regions: [
            ("site", region("mcp2", .left, shape.mask)), ("bone", region("metacarpal2", .right, shape.mask)),
            ("site", region("mcp2", .right, whole)), ("site", region("left-over", .left, shape.mask)),
            ("background", region("background", .unspecified, whole)),
          ]))
    }
    let bytes = file(entries)
    for (index, shape) in shapes.enumerated() {
      let set = try COCORegions.read(bytes, imageName: "/any/where/\(index).png", imageSize: shape.size)
      let whole = Mask(allOf: shape.size)
      #expect(set.regions.map(\.id) == ["mcp2", "metacarpal2", "mcp2", "left-over", "background"])
      #expect(set.regions.map(\.laterality) == [.left, .right, .right, .left, .unspecified])
      #expect(set.regions.map(\.mask) == [shape.mask, shape.mask, whole, shape.mask, whole])
      #expect(set.warnings.isEmpty)
    }
  }

  struct File: Decodable {
    struct Image: Decodable { let id: Int, file_name: String, width: Int, height: Int }
    struct Category: Decodable, Equatable { let id: Int, name: String, supercategory: String }
    struct Annotation: Decodable {
      struct Segmentation: Decodable { let size: [Int], counts: String }
      let id: Int, image_id: Int, category_id: Int, iscrowd: Int, area: Int, bbox: [Int], segmentation: Segmentation
    }
    let images: [Image], categories: [Category], annotations: [Annotation]
  }

  /// `shapes.json` has the areas and the compressed text of another implementation.
  @Test func theFileSaysWhatOtherReadersExpect() throws {
    let shapes = try ShapeCase.all().filter { $0.pixels > 0 }
    #expect(!shapes.isEmpty)
    let names = (0..<shapes.count).map { #"a "quoted" \ name\#n, \#($0).png"# }
    let entries = try zip(names, shapes).map {
      try COCOEntry(fileName: $0, size: $1.size, regions: [("site", region("mcp2", .left, $1.mask)), ("bone", region("mcp2", .left, $1.mask))])
    }
    let file = try JSONDecoder().decode(File.self, from: Data(file(entries)))
    #expect(file.images.map(\.file_name) == names && file.images.map(\.id) == Array(1...shapes.count))
    #expect(file.images.map(\.width) == shapes.map(\.width) && file.images.map(\.height) == shapes.map(\.height))
    #expect(file.categories == [
      File.Category(id: 1, name: "L:mcp2", supercategory: "site"), File.Category(id: 2, name: "L:mcp2", supercategory: "bone"),
    ])
    #expect(file.annotations.map(\.id) == Array(1...2 * shapes.count) && file.annotations.allSatisfy { $0.iscrowd == 0 })
    for (index, annotation) in file.annotations.enumerated() {
      let shape = shapes[index / 2]
      #expect(annotation.image_id == index / 2 + 1 && annotation.category_id == index % 2 + 1)
      #expect(annotation.area == shape.pixels && annotation.segmentation.size == [shape.height, shape.width])
      #expect(annotation.segmentation.counts == shape.compressed)
    }
  }

  @Test func aBoxHoldsThePixels() throws {
    let size = PixelSize(20, 10)
    let mask = Mask(PixelRectangle(minX: 2, minY: 3, maxX: 6, maxY: 8), size: size)
    let file = try JSONDecoder().decode(File.self, from: Data(file([try COCOEntry(fileName: "a", size: size, regions: [("", region("a", .left, mask))])])))
    #expect(file.annotations[0].bbox == [2, 3, 4, 5] && file.annotations[0].area == 20)
  }

  @Test func whatHasNoPixelIsLeftOut() throws {
    let size = PixelSize(4, 4)
    let entry = try COCOEntry(
      fileName: "a.png", size: size, regions: [("", region("none", .left, Mask(emptyOf: size))), ("", region("all", .left, Mask(allOf: size)))])
    #expect(try COCORegions.read(file([entry]), imageName: "a.png", imageSize: size).regions.map(\.id) == ["all"])
    let nothing = try JSONDecoder().decode(File.self, from: Data(file([])))
    #expect(nothing.images.isEmpty && nothing.annotations.isEmpty && nothing.categories.isEmpty)
  }

  @Test(arguments: [("left-over", Laterality.unspecified), ("mcp2", .unknown), ("mcp2", .unpaired), ("right_hand", .unspecified)])
  func whatCouldNotBeReadBackIsRefused(_ id: String, _ side: Laterality) {
    let size = PixelSize(4, 4)
    #expect(throws: RegionError.self) {
      try COCOEntry(fileName: "a", size: size, regions: [("", region(id, side, Mask(allOf: size)))])
    }
  }

  @Test func anotherGridIsRefused() {
    #expect(throws: RegionError.otherSize(mask: PixelSize(4, 4), radiograph: PixelSize(5, 4))) {
      try COCOEntry(fileName: "a", size: PixelSize(5, 4), regions: [("", region("a", .left, Mask(allOf: PixelSize(4, 4))))])
    }
  }
}
