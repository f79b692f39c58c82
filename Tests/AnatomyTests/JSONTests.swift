import CarpusAnatomy
import CarpusImaging
import Foundation
import Testing

/// JSON itself, seen through a file whose one category bears the text under test.
@Suite struct JSONTests {
  /// The region's name, or the error.
  func name(_ literal: String) -> Result<String, RegionError> {
    let bytes = coco(
      #"{"image_id": 7, "category_id": 3, "bbox": [2, 3, 4, 4]}"#, categories: #"{"id": 3, "name": \#(literal)}"#)
    return Result { () throws(RegionError) in
      try COCORegions.read(bytes, imageName: nil, imageSize: PixelSize(20, 10)).regions[0].name
    }
  }

  @Test func escapes() throws {
    #expect(try name(#""a\"\\\/\u0041\u00e9\ud83e\uddb4""#).get() == "a\"\\/A\u{e9}\u{1f9b4}")
    #expect(try name(#""\t\b\f\n\rx\ty""#).get() == "x y")
    for text in [
      #""\ud83e""#, #""\ud83e\u0041""#, #""\udc00""#, #""\x""#, #""\u12g4""#, "\"a\nb\"", "nul", "tru", "'a'", "01", "1.", "1e",
      "-", "+1", ".5", "Infinity", "[1,]", "[,1]", "{,}",
    ] {
      #expect(throws: RegionError.self) { try name(text).get() }
    }
  }

  @Test func saysLineAndColumn() {
    #expect(throws: RegionError.malformed(at: "line 2, column 3", "a value is needed; NaN and Infinity are none in JSON")) {
      try COCORegions.read(Array("{\"images\":\n  NaN}".utf8), imageName: nil, imageSize: PixelSize(1, 1))
    }
    #expect(throws: RegionError.malformed(at: "line 1, column 5", "the file ends too early")) {
      try COCORegions.read(Array("{\"a\"".utf8), imageName: nil, imageSize: PixelSize(1, 1))
    }
    #expect(throws: RegionError.malformed(at: "line 1, column 4", "something stands behind the end of the JSON")) {
      try COCORegions.read(Array("{} {}".utf8), imageName: nil, imageSize: PixelSize(1, 1))
    }
    #expect(throws: RegionError.malformed(at: "line 1, column 16", "the key ‘a’ occurs twice")) {
      try COCORegions.read(Array("{\"a\": 1, \"a\": 2}".utf8), imageName: nil, imageSize: PixelSize(1, 1))
    }
  }

  @Test func byteOrderMarkAndLineEnds() throws {
    let file = coco(#"{"image_id": 7, "category_id": 3, "bbox": [2, 3, 4, 4]}"#)
    let text = String(decoding: file, as: UTF8.self).replacing(",", with: ",\r\n\t")
    let dos: [UInt8] = [0xef, 0xbb, 0xbf] + Array(text.utf8) + [13, 10]
    #expect(try COCORegions.read(dos, imageName: nil, imageSize: PixelSize(20, 10)).regions.count == 1)
  }

  @Test func numbersAreThoseOfTheStandardLibrary() throws {
    for text in ["0", "-0.0", "3.25e0", "1E1", "12.5e-1", "0.30000000000000004", "7.000000000000001"] {
      let bytes = coco(
        #"{"image_id": 7, "category_id": 3, "keypoints": [\#(text), 5, 2]}"#, categories: #"{"id": 3, "name": "p"}"#)
      let set = try COCORegions.read(bytes, imageName: nil, imageSize: PixelSize(20, 10), keypointRadius: 2)
      #expect(set.regions[0].source == .keypoint(PixelPoint(x: try #require(Double(text)), y: 5), radius: 2))
    }
  }
}
