import CarpusAnatomy
import CarpusImaging
import Testing

@Suite struct LabelMapRegionsTests {
  let size = PixelSize(4, 2)
  let labels: [UInt16] = [0, 1, 1, 0, 9, 2, 1, 65535]

  func error(_ regions: String, _ rest: String = #""ignore": [9, 65535]"#) -> RegionError? {
    do throws(RegionError) {
      _ = try read(regions, rest)
      return nil
    } catch { return error }
  }

  @discardableResult
  func read(_ regions: String, _ rest: String = #""ignore": [9, 65535]"#, sha256: String? = nil) throws(RegionError) -> RegionSet
  {
    let sidecar = #"{"schema": "carpus-regions/1", "regions": [\#(regions)], \#(rest)}"#
    return try LabelMapRegions.read(
      labels: labels, size: size, sidecar: Array(sidecar.utf8), imageSize: size, imageSHA256: sha256)
  }

  @Test func readsValues() throws {
    let set = try read(
      """
      {"id": "mcp2", "label": 1, "laterality": "L", "name": "MCP 2", "joint": "MCP-I", "scores": ["erosion"], "color": "#ff0000"},
      {"id": "mcp2", "label": 2, "laterality": "R", "joint": "METACARPOPHALANGEAL JOINT 2", "scores": ["erosion"]}
      """)
    #expect(set.regions.map(\.name) == ["MCP 2", "METACARPOPHALANGEAL JOINT 2"])
    #expect(set.regions.map(\.laterality) == [.left, .right])
    #expect(set.regions[0].mask.picture == [".##.", "..#."])
    #expect(set.regions[1].mask.picture == ["....", ".#.."])
    #expect(set.regions.map(\.source) == [.label(1), .label(2)])
  }

  @Test func rulesBeyondTheSchema() throws {
    let one = #"{"id": "a", "label": 1}"#
    let two = #"{"id": "b", "label": 2}"#
    #expect(error("\(one), \(two)") == nil)
    #expect(error(one) == .undeclaredLabels([2], pixels: 1))
    #expect(error("\(one), \(two)", #""ignore": [9]"#) == .undeclaredLabels([65535], pixels: 1))
    #expect(error("\(one), \(two)", #""background": 9, "ignore": [0, 65535]"#) == nil)
    #expect(error("\(one), {\"id\": \"a\", \"label\": 2}") == .repeatedID("a", .unspecified))
    #expect(error("\(one), \(two), {\"id\": \"c\", \"label\": 3}") == .empty(region: "c"))
    #expect(error(#"{"id": "a", "label": 1, "file": "x.png"}"#)?.description.contains("no ‘file’") == true)
    #expect(error(#"{"id": "a"}"#)?.description.contains("‘label’") == true)
    #expect(error(#"{"id": "a", "label": 65536}"#)?.description.contains("1 to 65535") == true)
    #expect(error(#"{"id": "a", "label": 0}"#)?.description.contains("1 to 65535") == true)
    #expect(error(#"{"id": "a", "label": 9}"#)?.description.contains("ignored") == true)
    #expect(error(#"{"id": "a", "label": 9}"#, #""background": 9"#)?.description.contains("background") == true)
    #expect(error("\(one), \(two), {\"id\": \"c\", \"label\": 2}")?.description.contains("another region") == true)
    let overlapping = try read(
      "\(one), \(two), {\"id\": \"c\", \"label\": 2}", #""ignore": [9, 65535, -3, 99999], "overlap": "allow""#)
    #expect(overlapping.regions[1].mask == overlapping.regions[2].mask)
    #expect(overlapping.union.count == 4)
    #expect(error("", "\"background\": 0") == .undeclaredLabels([1, 2, 9, 65535], pixels: 6))
  }

  @Test func schemaItself() {
    let one = #"{"id": "a", "label": 1}, {"id": "b", "label": 2}"#
    #expect(error(#"{"id": "A", "label": 1}"#)?.description.contains("regions[0].id") == true)
    #expect(error(#"{"id": "a", "label": 1, "colour": "red"}"#)?.description.contains("‘colour’") == true)
    #expect(error(#"{"id": "a", "label": 1, "laterality": "B"}"#)?.description.contains("L, R, U or unknown") == true)
    #expect(error(one, #""regio": 1"#)?.description.contains("‘regio’") == true)
    #expect(error(one, #""space": "model-input""#)?.description.contains("at space: only masks on the radiograph") == true)
    #expect(error(one, #""overlap": "maybe""#) != nil)
    #expect(error(one, #""background": 1e30"#) != nil)
    let other = Array(#"{"schema": "carpus-regions/2", "regions": []}"#.utf8)
    #expect(throws: RegionError.self) { try LabelMapRegions.read(labels: labels, size: size, sidecar: other, imageSize: size) }
  }

  @Test func belongsToTheRadiograph() throws {
    let regions = #"{"id": "a", "label": 1}, {"id": "b", "label": 2}"#
    let ignore = #""ignore": [9, 65535]"#
    #expect(
      error(regions, #"\#(ignore), "image": {"width": 2, "height": 4}"#) == .otherSize(mask: PixelSize(2, 4), radiograph: size))
    let digest = String(repeating: "a", count: 64)
    let named = #"\#(ignore), "image": {"sha256": "\#(digest)"}"#
    #expect(try read(regions, named).regions.count == 2)
    #expect(try read(regions, named, sha256: digest).regions.count == 2)
    #expect(throws: RegionError.otherImage) { try read(regions, named, sha256: String(repeating: "b", count: 64)) }
    #expect(throws: RegionError.otherSize(mask: size, radiograph: PixelSize(8, 4))) {
      try LabelMapRegions.read(
        labels: labels, size: size, sidecar: Array(#"{"schema": "carpus-regions/1", "regions": []}"#.utf8),
        imageSize: PixelSize(8, 4))
    }
  }
}
