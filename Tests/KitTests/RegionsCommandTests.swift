import CarpusAnatomy
import CarpusImaging
import CarpusTestSupport
import Foundation
import Testing

/// `carpus regions`, as a user starts it.
@Suite struct RegionsCommandTests {
  private func fixture(_ path: String) -> String { Fixtures.url(path).path }
  private var hand: String { fixture("Radiographs/hand.png") }
  private var coco: String { fixture("Radiographs/hand.coco.json") }

  private func masks(_ path: String) throws -> [String: Mask] {
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
    let folder = URL(filePath: path).deletingLastPathComponent()
    let document = RegionDocument(name: URL(filePath: path).lastPathComponent, bytes: bytes) { name throws(RegionError) in
      (try? Data(contentsOf: folder.appending(path: name))).map { [UInt8]($0) }
    }
    let size = try Radiograph.read(at: hand).size
    let set = try RegionFormat.read(RegionSource(document, imageName: "hand.png", imageSize: size))
    return Dictionary(uniqueKeysWithValues: set.regions.map { ("\($0.laterality.rawValue):\($0.id)", $0.mask) })
  }

  /// Through a format that keeps every pixel and back.
  @Test(arguments: ["coco", "masks", "chexlocalize", "labelme"]) func convertsThereAndBack(format: String) throws {
    let folder = try TemporaryFolder()
    let there = try Command.run("regions", "convert", coco, "--to", format, "--output", folder.path("there.json"), "-q")
    #expect(there.code == 0, "\(there.errors)")
    let back = try Command.run("regions", "convert", folder.path("there.json"), "--image", hand, "--output", folder.path("back.json"), "-q")
    #expect(back.code == 0, "\(back.errors)")
    #expect(try masks(folder.path("back.json")) == masks(coco))
    #expect(!(there.output + back.output).contains(Fixtures.folder.path))
  }

  @Test(arguments: ["boxes.csv", "voc.xml", "yolo.txt"]) func keepsBoxesOnlyAndSaysSo(name: String) throws {
    let folder = try TemporaryFolder()
    let outcome = try Command.run("regions", "convert", coco, "--output", folder.path(name))
    #expect(outcome.code == 0 && outcome.errors.contains("only their bounds"), "\(outcome.errors)")
    let size = try Radiograph.read(at: hand).size
    let bounds = try masks(coco).mapValues { $0.bounds.map { Mask($0, size: size) } ?? $0 }
    #expect(try masks(folder.path(name)) == bounds)
  }

  @Test func aLabelMapIsRefusedWhereRegionsShareAPixel() throws {
    let folder = try TemporaryFolder()
    let outcome = try Command.run("regions", "convert", coco, "--output", folder.path("labels.png"))
    #expect(outcome.code == 64 && outcome.errors.contains("label map cannot hold"), "\(outcome.errors)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).isEmpty)
  }

  /// One COCO file of three radiographs, of which one has no region, becomes files in a folder that share their classes, and one file again.
  @Test func aFileOfSeveralRadiographs() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write(
      """
      {"images": [{"id": 1, "file_name": "set/a.png", "width": 20, "height": 10}, {"id": 2, "file_name": "b.png", "width": 8, "height": 8},
        {"id": 3, "file_name": "c.png", "width": 8, "height": 8}],
       "categories": [{"id": 1, "name": "L:mcp2"}, {"id": 2, "name": "knob"}],
       "annotations": [{"image_id": 1, "category_id": 1, "bbox": [1, 2, 3, 4]}, {"image_id": 2, "category_id": 2, "bbox": [0, 0, 2, 2]},
        {"image_id": 2, "category_id": 1, "bbox": [4, 4, 2, 2]}]}
      """.utf8, to: "all.json")
    let list = try Command.run("regions", "list", path)
    #expect(list.code == 0 && list.output.contains("3 radiographs"), "\(list.errors)")
    for row in [#"b\.png +8×8 +2 +1 +1\n"#, #"c\.png +0 "#] { #expect(try list.output.contains(Regex(row))) }

    let yolo = try Command.run("regions", "convert", path, "--to", "yolo", "--output", folder.path("out") + "/")
    #expect(yolo.code == 0 && yolo.output == "3 regions of 2 radiographs in out\n", "\(yolo.output)\(yolo.errors)")
    #expect(yolo.errors.contains("c.png: there is no region"))
    #expect(try String(contentsOfFile: folder.path("out/classes.txt"), encoding: .utf8) == "L:mcp2\nknob\n")
    #expect(try String(contentsOfFile: folder.path("out/b.txt"), encoding: .utf8) == "1 0.125 0.125 0.25 0.25\n0 0.625 0.625 0.25 0.25\n")

    let again = try Command.run("regions", "convert", path, "--output", folder.path("again.json"), "-q")
    #expect(again.code == 0, "\(again.errors)")
    let one = try Command.run("regions", "convert", path, "--image", "a.png", "--output", folder.path("a.csv"), "-q")
    #expect(one.code == 0, "\(one.errors)")
    #expect(try String(contentsOfFile: folder.path("a.csv"), encoding: .utf8) == "image,region,side,xmin,ymin,xmax,ymax\na.png,mcp2,L,1,2,4,6\n")
    #expect(try Command.run("regions", "list", folder.path("again.json")).output.contains("2 radiographs"))
  }

  @Test func saysWhatIsMissing() throws {
    let folder = try TemporaryFolder()
    func refusal(_ code: Int32, _ arguments: String...) throws -> String {
      let outcome = try Command.run(["regions"] + arguments)
      #expect(outcome.code == code, "\(arguments): \(outcome.errors)")
      #expect(outcome.output.isEmpty && !outcome.errors.contains(folder.url.path))
      return outcome.errors
    }
    let boxes = try folder.write("region,xmin,ymin,xmax,ymax\nmcp2,1,2,3,4\n".utf8, to: "boxes.csv")
    let output = folder.path("out.json")
    #expect(try refusal(64, "convert", boxes, "--output", output).contains("give it with --image"))
    #expect(try refusal(66, "convert", boxes, "--image", folder.path("none.png"), "--output", output).contains("none.png"))
    #expect(try refusal(66, "list", folder.path("none.json")).contains("none.json"))
    #expect(try refusal(64, "convert", coco, "--output", folder.path("new") + "/").contains("--to"))
    #expect(try refusal(64, "convert", coco, "--to", "label-map", "--output", output).contains(".png"))
    #expect(try refusal(64, "find", "--output", output).contains("images"))
    #expect(try refusal(64, "list", "find").contains("name it"))
    let huge = try folder.write(
      #"{"images": [{"id": 1, "file_name": "a", "width": 1e15, "height": 1e15}], "categories": [], "annotations": []}"#.utf8, to: "huge.json")
    #expect(try refusal(65, "convert", huge, "--output", output).contains("a side"))
    #expect(!FileManager.default.fileExists(atPath: output))
  }

  @Test func findsTheHandAndDrawsIt() throws {
    let folder = try TemporaryFolder()
    let find = try Command.run("regions", "find", hand, "--output", folder.path("found.json"))
    #expect(find.code == 0, "\(find.errors)")
    let found = try masks(folder.path("found.json"))
    let region = try #require(found["unspecified:hand"])
    // Every place that is drawn lies in the hand.
    for (id, mask) in try masks(coco) { #expect(Double(region.intersectionCount(mask)) > 0.9 * Double(mask.count), "\(id)") }
    #expect(region.count < region.size.count / 2)
    #expect(found.values.reduce(0) { $0 + $1.count } == region.size.count)

    let draw = try Command.run("regions", "draw", coco, "--image", hand, "--output", folder.path("drawn.png"))
    #expect(draw.code == 0, "\(draw.errors)")
    let (picture, plain) = (try Radiograph.read(at: folder.path("drawn.png")), try Radiograph.read(at: hand))
    #expect(picture.size.height >= plain.size.height && picture.size.width > plain.size.width)
    #expect(picture.origin == .luminance)
  }

  /// A vocabulary beside a file says what its ids count for.
  @Test func aVocabularyBesideTheFile() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("region,xmin,ymin,xmax,ymax\nknuckle,10,20,30,40\nknob,1,2,30,40\n".utf8, to: "own.csv")
    #expect(try Command.run("regions", "list", path, "--image", hand).output.contains("counting for no place: knuckle, knob"))
    _ = try folder.write(
      #"{"schema": "carpus-regions/1", "regions": [{"id": "knuckle", "joint": "MCP2", "scores": ["erosion"], "group": ["row"]}]}"#.utf8,
      to: "own.vocabulary.json")
    let outcome = try Command.run("regions", "list", path, "--image", hand)
    #expect(outcome.output.contains(try Regex("knuckle +unspecified +knuckle +site +MCP2 erosion +row +400 +box")), "\(outcome.output)\(outcome.errors)")
    #expect(outcome.output.contains("counting for no place: knob"))
    _ = try folder.write(#"{"schema": "carpus-regions/1", "regions": [{"id": "knuckle", "label": 1}]}"#.utf8, to: "own.vocabulary.json")
    #expect(try Command.run("regions", "list", path, "--image", hand).code == 65)
  }

  /// The same pixels in another format give the same points; without any mask there is a hand to ask for.
  @Test func explainReadsEveryFormatAndFinds() throws {
    struct Written: Decodable {
      struct Region: Decodable { let id: String, points: Double, pixels: Int }
      let regions: [Region]
    }
    let folder = try TemporaryFolder()
    func explained(_ regions: String) throws -> [String: Written.Region] {
      let outcome = try Command.run(
        "explain", fixture("Networks/pooled_linear/model.onnx"), "--image", hand, "--regions", regions, "--output", folder.path("out"), "--quiet")
      #expect(outcome.code == 0, "\(regions): \(outcome.errors)")
      let written = try JSONDecoder().decode(Written.self, from: Data(contentsOf: folder.url.appending(path: "out/explanation.json")))
      return Dictionary(uniqueKeysWithValues: written.regions.map { ($0.id, $0) })
    }
    let expected = try explained(coco)
    for format in ["masks", "labelme"] {
      _ = try Command.run("regions", "convert", coco, "--to", format, "--output", folder.path("\(format).json"), "-q")
      let read = try explained(folder.path("\(format).json"))
      #expect(read.count == expected.count)
      for (id, region) in read { #expect(region.pixels == expected[id]?.pixels && region.points == expected[id]?.points, "\(format): \(id)") }
    }
    let found = try explained("find")
    #expect(found["hand"] != nil && found["background"] != nil)
  }
}
