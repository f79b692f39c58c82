import CarpusAnatomy
import CarpusImaging
import CarpusTensors
import CarpusTestSupport
import Foundation

extension PixelSize {
  init(_ width: Int, _ height: Int) { self.init(width: width, height: height) }
}

extension Mask {
  /// The pixels for which `isInside(x, y)` holds, by way of a label map.
  init(_ size: PixelSize, where isInside: (Int, Int) -> Bool) {
    let labels = (0..<size.count).map { UInt16(isInside($0 % size.width, $0 / size.width) ? 1 : 0) }
    self = Mask.masks(ofLabels: labels, size: size, values: [1])[0]
  }

  /// One line of `#` and `.` for each row.
  var picture: [String] {
    (0..<size.height).map { y in String((0..<size.width).map { x in contains(x: x, y: y) ? "#" : "." }) }
  }
}

func points(_ numbers: [Double]) -> [PixelPoint] {
  stride(from: 0, to: numbers.count, by: 2).map { PixelPoint(x: numbers[$0], y: numbers[$0 + 1]) }
}

/// Fixtures/Anatomy/shapes.json
struct ShapeCase: Decodable {
  let kind: String
  let width, height, pixels: Int
  let polygons: [[Double]]
  let exact, coco: [Int]
  let compressed: String

  var size: PixelSize { PixelSize(width, height) }
  var mask: Mask { Mask(polygons: polygons.map { points($0) }, size: size) }

  static func all() throws -> [ShapeCase] {
    try JSONDecoder().decode([ShapeCase].self, from: Data(contentsOf: Fixtures.url("Anatomy/shapes.json")))
  }
}

/// A set with the masks as regions `r0`, `r1`, …
func regions(_ masks: [Mask]) throws -> RegionSet {
  try RegionSet(
    size: masks[0].size,
    regions: masks.enumerated().map {
      Region(id: "r\($0.offset)", name: "", laterality: .unspecified, source: .box, mask: $0.element)
    })
}

func map(_ values: [Double], _ height: Int, _ width: Int) -> Tensor { Tensor(values, shape: [height, width]) }
