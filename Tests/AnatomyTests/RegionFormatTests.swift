import CarpusAnatomy
import CarpusImaging
import CarpusTestSupport
import Foundation
import Testing

/// Fixtures/Anatomy/formats, made by formats.py.
struct FormatFolder {
  static let folder = Fixtures.url("Anatomy/formats")
  static let size = PixelSize(40, 30)

  struct Expected: Decodable {
    let id, side: String
    let counts: [Int]
  }

  static func expected() throws -> [String: [Expected]] {
    try JSONDecoder().decode([String: [Expected]].self, from: Data(contentsOf: folder.appending(path: "expected.json")))
  }

  static func bytes(_ name: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: folder.appending(path: name))) }

  static func source(_ name: String, bytes: [UInt8]? = nil, image: String? = "hand.png", size: PixelSize = size) throws -> RegionSource {
    RegionSource(try document(name, bytes: bytes), imageName: image, imageSize: size)
  }

  static func document(_ name: String, bytes: [UInt8]? = nil) throws -> RegionDocument {
    RegionDocument(name: name, bytes: try bytes ?? self.bytes(name)) { file throws(RegionError) in try? self.bytes(file) }
  }

  static func read(_ name: String) throws -> RegionSet {
    try RegionFormat.read(source(name, image: name == "ram.json" ? "0012_R_bmp.rf.ab12.jpg" : name == "w600.json" ? "7_L.png" : "hand.png"))
  }
}

@Suite struct RegionFormatTests {
  static let files: [(String, RegionFormat)] = [
    ("labels.png", .labelMap), ("labels.json", .labelMap), ("masks.json", .masks), ("chexlocalize.json", .cheXlocalize), ("polygons.json", .cheXlocalize),
    ("boxes.csv", .boxes), ("centres.csv", .boxes), ("yolo.txt", .yolo), ("voc.xml", .pascalVOC), ("labelme.json", .labelMe), ("ram.json", .coco),
    ("w600.json", .coco),
  ]

  @Test(arguments: files) func readsWhatPythonWrote(name: String, format: RegionFormat) throws {
    let expected = try #require(try FormatFolder.expected()[name == "labels.json" ? "labels.png" : name])
    #expect(try RegionFormat.detect(FormatFolder.document(name)) == format)
    let set = try FormatFolder.read(name)
    #expect(set.regions.map(\.id) == expected.map(\.id))
    #expect(set.regions.map(\.laterality.rawValue) == expected.map(\.side))
    for (region, reference) in zip(set.regions, expected) {
      #expect(region.mask == (try ColumnRunLength(counts: reference.counts, size: FormatFolder.size)).mask, "\(name): \(region.id)")
    }
  }

  @Test func saysWhatItAssumed() throws {
    #expect(try FormatFolder.read("ram.json").warnings == [.sideOfFileName(.right)])
    #expect(try FormatFolder.read("w600.json").warnings == [.sideOfFileName(.left)])
    #expect(try FormatFolder.read("chexlocalize.json").warnings == [.nothingThere(region: "ulna")])
    #expect(try FormatFolder.read("voc.xml").warnings == [])
  }

  @Test func sidecarsExtendTheVocabulary() throws {
    let set = try FormatFolder.read("masks.json")
    let term = try #require(set.vocabulary.term(id: "knuckle"))
    #expect(term.site == .mcp2 && term.damages == [.erosion] && term.groups == ["row"] && term.zone == .mcpRow)
    #expect(term.codes == [TerminologyCode(scheme: "SCT", code: "70420003", meaning: "MCP joint")])
    #expect(HandVocabulary.standard.term(id: "knuckle") == nil)
    #expect(set.regions(of: .mcp2, side: .left).map(\.id) == ["knuckle"])
    #expect(HandGroup("row")?.regions(of: set).map(\.id) == ["knuckle"])
    #expect(HandGroup("sites.erosion")?.regions(of: set).map(\.id) == ["knuckle"])
    #expect(HandGroup("sites.narrowing")?.regions(of: set).isEmpty == true)
    #expect(HandGroup("R:sites")?.regions(of: set).isEmpty == true)
  }

  /// Written and read again: ids, sides and pixels are the same, or the boxes of the pixels where only boxes are held.
  @Test(arguments: files.map(\.0), RegionFormat.allCases) func goesThroughEveryFormat(name: String, format: RegionFormat) throws {
    let set = try FormatFolder.read(name)
    let overlaps = set.regions.reduce(0) { $0 + $1.mask.count } > set.union.count
    let output = format == .labelMap ? "out.png" : "out.dat"
    guard format != .labelMap || !overlaps else {
      #expect(throws: RegionError.self) { try format.write(set, named: output, imageName: "hand.png") }
      return
    }
    let files = try format.write(set, named: output, imageName: "hand.png")
    let document = RegionDocument(name: output, bytes: files[0].bytes) { file throws(RegionError) in files.first { $0.name == file }?.bytes }
    let source = RegionSource(document, imageName: "hand.png", imageSize: set.size)
    #expect(files[0].name == output)
    #expect(try RegionFormat.detect(document) == format)
    let again = try RegionFormat.read(source)
    func key(_ region: Region) -> String { "\(region.laterality.rawValue):\(region.id)" }
    let (before, after) = (set.regions.sorted { key($0) < key($1) }, again.regions.sorted { key($0) < key($1) })
    #expect(before.map(key) == after.map(key))
    for (one, other) in zip(before, after) {
      let bounds = try #require(one.mask.bounds)
      #expect(other.mask == (format.holdsBoxesOnly ? Mask(bounds, size: set.size) : one.mask), "\(key(one))")
    }
    #expect(again.warnings.isEmpty)
    if format == .masks || format == .labelMap { #expect(again.vocabulary == set.vocabulary) }
  }

  @Test func outlinesHoldTheSamePixels() throws {
    var random = SeededGenerator(seed: 5)
    let size = PixelSize(11, 9)
    for share in [0.2, 0.5, 0.8] {
      for _ in 0..<60 {
        let mask = Mask(size) { _, _ in Double.random(in: 0..<1, using: &random) < share }
        #expect(Mask(polygons: [mask.outline], size: size) == mask)
      }
    }
  }

  @Test func refusalsSayWhatWouldBeAccepted() throws {
    func refusal(_ name: String, _ text: String) -> String {
      do {
        let set = try RegionFormat.read(FormatFolder.source(name, bytes: Array(text.utf8)))
        return "read \(set.regions.count)"
      } catch { return "\(error)" }
    }
    #expect(refusal("a", "hello").contains("these are: COCO"))
    #expect(refusal("a", "").contains("these are: COCO"))
    #expect(refusal("a.json", "[1, 2]").contains("these are: COCO"))
    #expect(refusal("a.json", "{\"a\": 1}").contains("these are: COCO"))
    #expect(refusal("none.json", #"{"schema": "carpus-regions/1", "regions": [{"id": "a", "label": 1}]}"#).contains("‘none.png’ is needed"))
    #expect(refusal("a.json", #"{"schema": "carpus-regions/1", "regions": [{"id": "a", "file": "../ring.png"}]}"#).contains("plain file name"))
    #expect(refusal("a.json", #"{"schema": "carpus-regions/1", "regions": [{"id": "a", "file": "ring.png", "scores": ["pain"]}]}"#).contains("erosion or narrowing"))
    #expect(refusal("a.csv", "a,b\n1,2").contains("xmin,ymin,xmax,ymax"))
    #expect(refusal("a.csv", "xmin,ymin,xmax,ymax\n1,2,3,4").contains("names the regions"))
    #expect(refusal("a.csv", "region,x1,y1,x2,y2\nMCP2,1,2,3").contains("line 2"))
    #expect(refusal("a.csv", "region,x1,y1,x2,y2\nMCP2,1,2,3,nan").contains("‘nan’ in the column ‘y2’"))
    #expect(refusal("a.csv", "region,x1,y1,x2,y2\nMCP2,5,2,5,4").contains("positive width"))
    #expect(refusal("a.txt", "7 0.5 0.5 0.1 0.1").contains("from 0 to 1"))
    #expect(refusal("a.txt", "0 20 20 5 5").contains("shares of width and height"))
    #expect(refusal("a.txt", "0 0.5 0.5 0.1 0.1 0.2 0.2 0.3").contains("not 7 numbers"))
    #expect(refusal("a.xml", "<!DOCTYPE a [<!ENTITY b \"c\">]><annotation/>").contains("document type"))
    #expect(refusal("a.xml", "<svg></svg>").contains("‘annotation’"))
    #expect(refusal("a.xml", "<annotation><object><name>a</name></object></annotation>").contains("no ‘bndbox’"))
    #expect(refusal("a.xml", "<annotation>&bomb;</annotation>").contains("entities"))
    #expect(refusal("a.xml", String(repeating: "<a>", count: 100_000)).contains("levels"))
    #expect(refusal("a.json", #"{"shapes": [{"label": "a", "points": [[1, 1], [2, 2]], "shape_type": "line"}]}"#).contains("‘line’ of 2 points"))
    #expect(refusal("a.json", #"{"hand": {"a": {"size": [30, 41], "counts": [1]}}}"#).contains("41×30"))
  }

  /// Whatever the bytes: an answer or a sentence, never a trap.
  @Test(arguments: files.map(\.0)) func damagedFilesNeverTrap(name: String) throws {
    let original = try FormatFolder.bytes(name)
    var random = SeededGenerator(seed: UInt64(original.count))
    for count in stride(from: 0, to: original.count, by: max(1, original.count / 300)) { check(try FormatFolder.source(name, bytes: Array(original.prefix(count)))) }
    let tokens = ["-", "9", "e99", "1e308", "nan", "null", "<", "]", ",", "\"", "&#x0;", "-1", "9223372036854775808", "\u{202e}"].map { Array($0.utf8) }
    for _ in 0..<200 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[place] = .random(in: 0...255, using: &random)
        case 1: bytes.remove(at: place)
        case 2: bytes.insert(contentsOf: tokens.randomElement(using: &random) ?? [], at: place)
        default: if (48...57).contains(bytes[place]) { bytes[place] = .random(in: 48...57, using: &random) }
        }
      }
      check(try FormatFolder.source(name, bytes: bytes))
    }
  }

  func check(_ source: RegionSource) {
    do throws(RegionError) {
      let set = try RegionFormat.read(source)
      #expect(set.regions.allSatisfy { !$0.mask.isEmpty && $0.name.unicodeScalars.count <= 64 })
    } catch {
      #expect(!error.description.isEmpty && error.description.utf8.count < 1200)
    }
  }
}
