import CarpusAnatomy
import CarpusImaging
import Testing

/// A COCO file of one image, 20×10, with the given annotations and categories.
func coco(
  _ annotations: String, categories: String = #"{"id": 3, "name": "MCP2"}, {"id": 4, "name": "left_wrist"}"#,
  images: String = #"{"id": 7, "file_name": "x/hand.png", "width": 20, "height": 10}"#
) -> [UInt8] {
  Array(#"{"images": [\#(images)], "categories": [\#(categories)], "annotations": [\#(annotations)]}"#.utf8)
}

@Suite struct COCORegionsTests {
  let size = PixelSize(20, 10)

  func read(_ bytes: [UInt8], name: String? = "hand.png") throws -> RegionSet {
    try COCORegions.read(bytes, imageName: name, imageSize: size)
  }

  func error(_ bytes: [UInt8], name: String? = "hand.png") -> RegionError? {
    do throws(RegionError) {
      _ = try COCORegions.read(bytes, imageName: name, imageSize: size)
      return nil
    } catch { return error }
  }

  @Test func fourWaysToTheSameSquare() throws {
    let square = Mask(PixelRectangle(minX: 2, minY: 3, maxX: 6, maxY: 7), size: size)
    let form = ColumnRunLength(square)
    let set = try read(
      coco(
        """
        {"image_id": 7, "category_id": 3, "segmentation": [[2, 3, 6, 3, 6, 7, 2, 7]], "bbox": [0, 0, 20, 10], "iscrowd": 0},
        {"image_id": 7, "category_id": 3, "segmentation": {"size": [10, 20], "counts": \(form.counts)}, "iscrowd": 1},
        {"image_id": 7, "category_id": 3, "segmentation": {"size": [10, 20], "counts": "\(form.compressed.replacing("\\", with: "\\\\"))"}},
        {"image_id": 7, "category_id": 4, "bbox": [2, 3, 4, 4], "segmentation": []},
        {"image_id": 8, "category_id": 99, "segmentation": "of another image"}
        """))
    #expect(set.regions.map(\.mask) == [square, square, square, square])
    #expect(set.regions.map(\.id) == ["mcp2", "mcp2-2", "mcp2-3", "wrist"])
    #expect(set.regions.map(\.name) == ["MCP2", "MCP2 (2)", "MCP2 (3)", "wrist"])
    #expect(set.regions.map(\.laterality) == [.unspecified, .unspecified, .unspecified, .left])
    #expect(set.regions.map(\.source) == [.polygons, .runLength, .runLength, .box])
    #expect(set.union == square)
    #expect(set.warnings == [.group(region: "MCP2 (2)")])
  }

  @Test func labelMapOfTheSameShapeHasTheSamePixels() throws {
    for shape in try ShapeCase.all() where shape.pixels > 0 {
      let mask = shape.mask
      let labels = (0..<shape.size.count).map { UInt16(mask.contains(x: $0 % shape.width, y: $0 / shape.width) ? 5 : 0) }
      let sidecar = Array(#"{"schema": "carpus-regions/1", "regions": [{"id": "a", "label": 5}]}"#.utf8)
      let fromLabels = try LabelMapRegions.read(labels: labels, size: shape.size, sidecar: sidecar, imageSize: shape.size)
      let image = #"{"id": 7, "width": \#(shape.width), "height": \#(shape.height)}"#
      let fromCOCO = try COCORegions.read(
        coco(#"{"image_id": 7, "category_id": 3, "segmentation": \#(shape.polygons)}"#, images: image), imageName: nil,
        imageSize: shape.size)
      #expect(fromLabels.regions[0].mask == fromCOCO.regions[0].mask)
    }
  }

  @Test func visibleKeypointsBecomeDiscs() throws {
    let category = #"{"id": 1, "name": "hand", "keypoints": ["PIP2", "R:MCP2", "W1"]}"#
    let bytes = coco(
      """
      {"image_id": 7, "category_id": 1, "keypoints": [4, 5, 2, 0, 0, 0, 12.5, 5.5, 1], "bbox": [0, 0, 9, 9]},
      {"image_id": 7, "category_id": 1, "keypoints": [15, 5, 2, 16, 5, 2, 0, 0, 0], "attributes": {"laterality": "left", "age": 9},
       "segmentation": [[0, 0, 1, 0, 1, 1]]},
      {"image_id": 7, "category_id": 1, "keypoints": [0, 0, 0, 0, 0, 0, 0, 0, 0]}
      """, categories: category)
    let set = try COCORegions.read(bytes, imageName: nil, imageSize: size, keypointRadius: 2)
    #expect(set.regions.map(\.id) == ["pip2", "w1", "pip2", "mcp2"])
    #expect(set.regions.map(\.name) == ["PIP2", "W1", "PIP2", "MCP2"])
    #expect(set.regions.map(\.laterality) == [.unspecified, .unspecified, .left, .right])
    #expect(set.regions[1].mask == Mask(discAt: PixelPoint(x: 12.5, y: 5.5), radius: 2, size: size))
    #expect(set.regions[1].source == .keypoint(PixelPoint(x: 12.5, y: 5.5), radius: 2))
    // (15, 5) and (16, 5) with radius 2 overlap.
    #expect(set.union.count < set.regions.reduce(0) { $0 + $1.mask.count })
    #expect(set.warnings == [.outlineNotUsed(region: "hand"), .noVisiblePoint(region: "hand")])
  }

  @Test func discsGrowWithTheHand() throws {
    let hand = [PixelPoint(x: 100, y: 10), PixelPoint(x: 300, y: 200), PixelPoint(x: 400, y: 410), PixelPoint(x: 150, y: 20), PixelPoint(x: 120, y: 30)]
    // The box around the points is 300 × 400 pixels, its diagonal 500.
    #expect(abs(COCORegions.defaultKeypointRadius(of: hand, size: PixelSize(630, 910)) - 22.5) < 1e-12)
    #expect(abs(COCORegions.defaultKeypointRadius(of: Array(hand.prefix(4)), size: PixelSize(630, 910)) - 27.3) < 1e-12)
  }

  @Test func choosesTheImageByItsLastComponent() throws {
    let annotation = #"{"image_id": 7, "category_id": 3, "bbox": [2, 3, 4, 4]}"#
    let two =
      #"{"id": 7, "file_name": "a\\hand.bmp", "width": 20, "height": 10}, {"id": 8, "file_name": "other.png", "width": 1, "height": 1}"#
    #expect(try read(coco(annotation), name: "/some/where/hand.png").warnings.isEmpty)
    #expect(try read(coco(annotation, images: two), name: "hand.bmp").regions.count == 1)
    #expect(try read(coco(annotation, images: two), name: "hand.png").regions.count == 1)
    #expect(try read(coco(annotation), name: "foot.png").warnings == [.onlyImage("x/hand.png")])
    #expect(
      error(coco(annotation, images: two), name: "p/foot.png")
        == .imageNotFound("foot.png", choices: ["a\\hand.bmp", "other.png"], count: 2))
    #expect(
      error(coco(annotation, images: two), name: nil) == .imageNotFound(nil, choices: ["a\\hand.bmp", "other.png"], count: 2))
    let same = two.replacing("other", with: "x/hand").replacing("png", with: "bmp")
    #expect(error(coco(annotation, images: same), name: "hand.bmp") == .imageNotUnique("hand.bmp"))
    #expect(try read(coco(annotation, images: same), name: "a\\hand.bmp").regions.count == 1)
    #expect(error(coco(annotation, images: "")) == .imageNotFound("hand.png", choices: [], count: 0))
  }

  @Test func sizesMustAgree() {
    let annotation = #"{"image_id": 7, "category_id": 3, "bbox": [2, 3, 4, 4]}"#
    let image = #"{"id": 7, "file_name": "hand.png", "width": 10, "height": 20}"#
    let wrong = RegionError.otherSize(mask: PixelSize(10, 20), radiograph: size)
    #expect(error(coco(annotation, images: image)) == wrong)
    #expect(wrong.description.contains("10×20") && wrong.description.contains("20×10"))
    #expect(error(coco(#"{"image_id": 7, "category_id": 3, "segmentation": {"size": [20, 10], "counts": [100, 100]}}"#)) == wrong)
  }

  @Test func outsideIsAnErrorAndAcrossTheBorderAWarning() throws {
    #expect(error(coco(#"{"image_id": 7, "category_id": 3, "bbox": [20, 3, 4, 4]}"#)) == .outside(region: "MCP2"))
    #expect(
      error(coco(#"{"image_id": 7, "category_id": 3, "segmentation": [[-3, 1, -1, 1, -1, 5]]}"#)) == .outside(region: "MCP2"))
    let set = try read(coco(#"{"image_id": 7, "category_id": 3, "bbox": [18, 8, 4, 4]}"#))
    #expect(set.regions[0].mask.count == 4)
    #expect(set.warnings == [.clipped(region: "MCP2")])
    // Less than half a pixel beyond the border: nothing is lost.
    #expect(try read(coco(#"{"image_id": 7, "category_id": 3, "bbox": [-0.4, 8, 20.8, 2.4]}"#)).warnings.isEmpty)
  }

  @Test(arguments: [
    (#""bbox": [2, 3, 0, 4]"#, "positive width"), (#""bbox": [2, 3, -1, 4]"#, "positive width"),
    (#""bbox": [2, 3]"#, "positive width"),
    (#""bbox": [2, 3, 1e300, 4]"#, "10⁹"), (#""bbox": [2.6, 3, 0.2, 4]"#, "no pixel"),
    (#""segmentation": [[1, 1, 2, 2]]"#, "three points"),
    (#""segmentation": [[1, 1, 2, 2, 3, 3, 4]]"#, "three points"), (#""segmentation": [[1, 1, 2, 2, 3, 3]]"#, "no pixel"),
    (#""segmentation": [[]]"#, "three points"), (#""segmentation": []"#, "neither"),
    (#""segmentation": [[1, 1, 1e999, 2, 3, 3]]"#, "too large"),
    (#""segmentation": [[1, 1, NaN, 2, 3, 3]]"#, "line 1, column 2"),
    (#""segmentation": {"size": [10, 20], "counts": [199]}"#, "add up to 199"),
    (#""segmentation": {"size": [10, 20], "counts": [201]}"#, "exceed"),
    (#""segmentation": {"size": [10, 20], "counts": [4e18, 4e18, 4e18]}"#, "exceed"),
    (#""segmentation": {"size": [10, 20], "counts": [-1, 201]}"#, "not negative"),
    (#""segmentation": {"size": [10, 20], "counts": [9223372036854775807, 1]}"#, "whole number"),
    (#""segmentation": {"size": [10, 20], "counts": [1e40]}"#, "annotations[0].segmentation.counts[0]"),
    (#""segmentation": {"size": [10, 20], "counts": "ooooooooooooooo"}"#, "compressed"),
    (#""segmentation": {"size": [10], "counts": [200]}"#, "height and a width"), (#""segmentation": {"counts": [200]}"#, "size"),
    (#""segmentation": {"size": [10, 20], "counts": [200]}"#, "no pixel"), (#""keypoints": [1, 2]"#, "visibility"),
    (#""segmentation": 5"#, "segmentation"),
    (#""keypoints": [1e300, 2, 2]"#, "10⁹"), (#""keypoints": [100, 2, 2]"#, "outside"),
    (#""segmentation": [[1e10, 0, 0, 5, 5, 5]]"#, "10⁹"),
  ]) func saysWhatIsWrong(body: String, part: String) throws {
    let sentence = try #require(error(coco(#"{"image_id": 7, "category_id": 3, \#(body)}"#)), "\(body)").description
    #expect(sentence.contains(part), "\(sentence)")
    #expect(sentence.utf8.count < 500)
  }

  @Test func refersToCategoriesThatAreThere() {
    #expect(
      error(coco(#"{"image_id": 7, "category_id": 9, "bbox": [2, 3, 4, 4]}"#))
        == .malformed(at: "annotations[0]", "there is no category 9"))
    #expect(error(coco("")) == .noRegions)
    let twice = #"{"id": 3, "name": "a"}, {"id": 3, "name": "b"}"#
    #expect(error(coco("", categories: twice)) == .malformed(at: "categories[1]", "the id 3 is given twice"))
    let named = #"{"id": 3, "name": "hand", "keypoints": ["a", "b"]}"#
    #expect(
      error(coco(#"{"image_id": 7, "category_id": 3, "keypoints": [2, 3, 2]}"#, categories: named))
        == .invalid(region: "hand", "1 keypoints, but the category names 2"))
    #expect(error(Array(#"{"images": [], "categories": [], "annotations": []}"#.utf8))?.description.contains("image") == true)
    #expect(
      error(coco(#"{"image_id": 7, "category_id": 3, "bbox": [2, "3", 4, 4]}"#))?.description.contains("annotations[0].bbox")
        == true)
  }

  @Test func namesAreCleanedAndBounded() throws {
    let long = String(repeating: "Ä", count: 5000)
    let categories =
      #"{"id": 3, "name": "a\u0000\u001b[31m\u202eb\n<b>"}, {"id": 4, "name": "\#(long)"}, {"id": 5, "name": "30"}, {"id": 6, "name": ""}, {"id": 7, "name": "PIP-R"}, {"id": 8, "name": "R"}"#
    let set = try read(
      coco(
        (3...8).map { #"{"image_id": 7, "category_id": \#($0), "bbox": [2, 3, 4, 4]}"# }.joined(separator: ","),
        categories: categories))
    #expect(set.regions[0].name == "a [31m b <b>")
    #expect(set.regions[0].id == "a-31m-b-b")
    #expect(set.regions[1].name.unicodeScalars.count == 64)
    #expect(set.regions.dropFirst().map(\.id) == ["region", "region-30", "unnamed", "pip4", "r"])
    #expect(set.regions[3].name == "unnamed")
    #expect(set.regions.allSatisfy { $0.laterality == .unspecified })
  }

  @Test func refusesTooMuch() {
    let many = (0...RegionLimits.regions).map { _ in #"{"image_id": 7, "category_id": 3, "bbox": [2, 3, 4, 4]}"# }.joined(
      separator: ",")
    #expect(error(coco(many)) == .tooMuch("regions", RegionLimits.regions + 1, limit: RegionLimits.regions))
    // A zigzag that every row crosses thousands of times.
    let tall = PixelSize(4000, 4000)
    let zigzag = (0..<5000).map { "\($0 % 3999), \($0 % 2 == 0 ? 0 : 4000)" }.joined(separator: ",")
    let image = #"{"id": 7, "width": 4000, "height": 4000}"#
    #expect(throws: RegionError.self) {
      try COCORegions.read(
        coco(#"{"image_id": 7, "category_id": 3, "segmentation": [[\#(zigzag)]]}"#, images: image), imageName: nil,
        imageSize: tall)
    }
  }
}
