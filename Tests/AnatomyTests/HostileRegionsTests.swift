import CarpusAnatomy
import CarpusImaging
import CarpusTestSupport
import Testing

/// Whatever the bytes: an answer or a sentence, never a trap.
@Suite struct HostileRegionsTests {
  static let size = PixelSize(20, 10)
  static let file = coco(
    """
    {"image_id": 7, "category_id": 3, "segmentation": [[2, 3, 6.5, 3, 6, 7, 2, 7], [1, 1, 4, 1, 4e0, 4]], "bbox": [0, 0, 20, 10], "iscrowd": 0},
    {"image_id": 7, "category_id": 3, "segmentation": {"size": [10, 20], "counts": [23, 4, 6, 4, 6, 4, 153]}, "iscrowd": 1},
    {"image_id": 7, "category_id": 3, "segmentation": {"size": [10, 20], "counts": "\(ColumnRunLength(Mask(discAt: PixelPoint(x: 9, y: 5), radius: 4, size: size)).compressed)"}},
    {"image_id": 7, "category_id": 4, "bbox": [2, 3, 4, 4], "segmentation": [], "attributes": {"laterality": "R"}},
    {"image_id": 7, "category_id": 5, "keypoints": [4.5, 5.5, 2, 9.5, 8.5, 1]}
    """,
    categories:
      #"{"id": 3, "name": "MCP2"}, {"id": 4, "name": "left_\u00e4wrist"}, {"id": 5, "name": "hand", "keypoints": ["a", "b"]}"#)
  static let sidecar = Array(
    #"{"schema": "carpus-regions/1", "background": 0, "ignore": [7], "image": {"width": 4, "height": 2}, "regions": [{"id": "a", "label": 1, "laterality": "L"}, {"id": "b", "label": 2}]}"#
      .utf8)

  static func outcome(_ bytes: [UInt8]) -> Result<RegionSet, RegionError> {
    Result { () throws(RegionError) in try COCORegions.read(bytes, imageName: "hand.png", imageSize: size) }
  }

  static func sidecarOutcome(_ bytes: [UInt8]) -> Result<RegionSet, RegionError> {
    Result { () throws(RegionError) in
      try LabelMapRegions.read(
        labels: [0, 1, 1, 0, 7, 2, 1, 0], size: PixelSize(4, 2), sidecar: bytes, imageSize: PixelSize(4, 2))
    }
  }

  static func check(_ outcome: Result<RegionSet, RegionError>) {
    switch outcome {
    case .success(let set): #expect(set.regions.allSatisfy { !$0.mask.isEmpty && $0.name.unicodeScalars.count <= 64 })
    case .failure(let error): #expect(!error.description.isEmpty && error.description.utf8.count < 1000)
    }
  }

  @Test func theWholeFileIsRead() throws {
    #expect(try HostileRegionsTests.outcome(HostileRegionsTests.file).get().regions.count == 6)
    #expect(try HostileRegionsTests.sidecarOutcome(HostileRegionsTests.sidecar).get().regions.count == 2)
  }

  @Test func everyTruncationIsAnError() {
    for count in HostileRegionsTests.file.indices {
      #expect(throws: RegionError.self) { try HostileRegionsTests.outcome(Array(HostileRegionsTests.file.prefix(count))).get() }
    }
    for count in HostileRegionsTests.sidecar.indices {
      #expect(throws: RegionError.self) {
        try HostileRegionsTests.sidecarOutcome(Array(HostileRegionsTests.sidecar.prefix(count))).get()
      }
    }
  }

  @Test(arguments: 0..<8) func mutationsNeverTrap(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let tokens = [
      "-", "9", "e99", "1e308", "null", "{", "]", ",", "\"", "\\u0000", "\u{202e}", "-1", "9223372036854775808", "0.5", "[[[[",
    ].map { Array($0.utf8) }
    for _ in 0..<400 {
      for (original, read) in [
        (HostileRegionsTests.file, HostileRegionsTests.outcome),
        (HostileRegionsTests.sidecar, HostileRegionsTests.sidecarOutcome),
      ] {
        var bytes = original
        for _ in 0..<Int.random(in: 1...4, using: &random) {
          let place = Int.random(in: 0..<bytes.count, using: &random)
          switch Int.random(in: 0..<4, using: &random) {
          case 0: bytes[place] = .random(in: 0...255, using: &random)
          case 1: bytes.remove(at: place)
          case 2: bytes.insert(contentsOf: tokens.randomElement(using: &random) ?? [], at: place)
          default:
            // Another digit: the numbers change and the form stays.
            if (48...57).contains(bytes[place]) { bytes[place] = .random(in: 48...57, using: &random) }
          }
        }
        HostileRegionsTests.check(read(bytes))
      }
    }
  }

  @Test func deepAndWideJSON() {
    for depth in [600, 100_000] {
      HostileRegionsTests.check(HostileRegionsTests.outcome([UInt8](repeating: UInt8(ascii: "["), count: depth)))
      let nested = coco(
        #"{"image_id": 7, "category_id": 3, "segmentation": \#(String(repeating: "[", count: depth))\#(String(repeating: "]", count: depth))}"#
      )
      #expect(throws: RegionError.self) { try HostileRegionsTests.outcome(nested).get() }
    }
    #expect(throws: RegionError.self) { try HostileRegionsTests.outcome([]).get() }
    #expect(throws: RegionError.self) { try HostileRegionsTests.outcome([0xff, 0xfe, 0x00]).get() }
  }
}
