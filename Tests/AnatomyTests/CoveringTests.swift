import CarpusAnatomy
import CarpusImaging
import CarpusTestSupport
import Foundation
import Testing

/// Fixtures/Checks/infill.json, solved directly by SciPy.
private struct InfillCase: Decodable {
  let width, height: Int
  let covered, opened: [[Double]]
  let values: [Double]
  let probes: [[Double]]

  var size: PixelSize { PixelSize(width: width, height: height) }

  var mask: Mask {
    func holds(_ x: Int, _ y: Int, _ rectangles: [[Double]]) -> Bool {
      rectangles.contains { Double(x) >= $0[0] && Double(y) >= $0[1] && Double(x) < $0[2] && Double(y) < $0[3] }
    }
    return Mask(size: size, columns: 0..<width, rows: 0..<height) { holds($0, $1, covered) && !holds($0, $1, opened) }
  }
}

@Suite struct CoveringTests {
  /// As in the script.
  private func grey(_ x: Int, _ y: Int) -> Float { Float((37 * x + 91 * y + 40 * ((x * y) % 53)) % 4096) }

  private func radiograph(_ size: PixelSize, bitDepth: Int = 12, _ grey: (Int, Int) -> Float) -> Radiograph {
    Radiograph(
      size: size, bitDepth: bitDepth, samples: (0..<size.count).map { UInt16(grey($0 % size.width, $0 / size.width)) })
  }

  private func pixels(_ mask: Mask) -> [(x: Int, y: Int)] {
    mask.rows.flatMap { y in mask.columns(inRow: y).flatMap { $0.map { ($0, y) } } }
  }

  @Test func infillOfSciPysDirectSolution() throws {
    let cases = try JSONDecoder().decode([InfillCase].self, from: Data(contentsOf: Fixtures.url("Checks/infill.json")))
    #expect(cases.count == 7)
    for entry in cases {
      let mask = entry.mask, infill = try #require(mask.harmonicInfill(grey))
      #expect(infill.count == mask.count)
      if entry.probes.isEmpty {
        // 10⁻⁵ of the range, and float32.
        #expect(zip(infill, entry.values).allSatisfy { abs(Double($0) - $1) < 0.1 })
      } else {
        let values = Dictionary(uniqueKeysWithValues: zip(pixels(mask).map { [$0.x, $0.y] }, infill))
        #expect(entry.probes.allSatisfy { abs(Double(values[[Int($0[0]), Int($0[1])]] ?? .nan) - $0[2]) < 0.2 })
      }
    }
  }

  @Test func aPlaneIsContinuedAndTheRestStays() throws {
    let size = PixelSize(width: 90, height: 70), plane = radiograph(size) { Float(3 * $0 + 7 * $1) }
    let mask = Mask(discAt: PixelPoint(x: 40, y: 30), radius: 21, size: size)
    var spotted = plane.samples
    for (x, y) in pixels(mask) { spotted[y * size.width + x] = 4095 }
    let covered = Radiograph(size: size, bitDepth: 12, samples: spotted).covered(mask)
    #expect(covered.samples == plane.samples)
    #expect(plane.covered(Mask(emptyOf: size)) == plane)
    #expect(radiograph(size) { _, _ in 7 }.covered(Mask(allOf: size)).samples.allSatisfy { $0 == 7 })
  }

  /// Of two hands that are each other's mirror image, one joint in the other's place changes nothing; nor does it when one side is brighter throughout.
  @Test func theOtherHandsJoint() {
    let size = PixelSize(width: 80, height: 40)
    let hands = radiograph(size) { x, y in Float((min(x, 79 - x) * 31 + y * 17) % 400) + (x < 40 ? 100 : 0) }
    let left = Mask(PixelRectangle(minX: 8, minY: 10, maxX: 21, maxY: 30), size: size)
    let right = Mask(PixelRectangle(minX: 59, minY: 10, maxX: 72, maxY: 30), size: size)
    #expect(hands.covered(left, by: .mirrored(from: right)).samples == hands.samples)
  }

  @Test func blurring() {
    let size = PixelSize(width: 60, height: 50), mask = Mask(PixelRectangle(minX: 20, minY: 20, maxX: 30, maxY: 30), size: size)
    let even = radiograph(size) { _, _ in 900 }
    #expect(even.covered(mask, by: .blurred(deviation: 4)) == even)
    // A single bright pixel becomes the kernel.
    let point = radiograph(size) { x, y in x == 25 && y == 25 ? 4000 : 0 }.covered(mask, by: .blurred(deviation: 2))
    let weights = (-6...6).map { exp(-Double($0 * $0) / 8) }, sum = weights.reduce(0, +)
    for offset in 0...4 {
      #expect(abs(Double(point.samples[25 * 60 + 25 + offset]) - 4000 * weights[6 + offset] * weights[6] / sum / sum) <= 0.51)
    }
  }

  @Test func grainOfTheSurroundings() {
    let size = PixelSize(width: 120, height: 100)
    var noise = SeededGenerator(seed: 4)
    let grainy = radiograph(size) { x, y in 1000 + 5 * Float(x) + Float((0..<12).reduce(-6.0) { sum, _ in sum + Double.random(in: 0...1, using: &noise) }) * 20 }
    let mask = Mask(PixelRectangle(minX: 30, minY: 30, maxX: 90, maxY: 70), size: size)
    var first = SeededGenerator(seed: 1), again = SeededGenerator(seed: 1), other = SeededGenerator(seed: 2)
    let covered = grainy.covered(mask, grain: &first)
    #expect(covered == grainy.covered(mask, grain: &again))
    #expect(covered != grainy.covered(mask, grain: &other))
    let smooth = grainy.covered(mask)
    let differences = pixels(mask).map { Double(covered.samples[$0.y * 120 + $0.x]) - Double(smooth.samples[$0.y * 120 + $0.x]) }
    let deviation = (differences.reduce(0) { $0 + $1 * $1 } / Double(differences.count)).squareRoot()
    #expect(abs(deviation - 20) < 3)
  }

  @Test func dilationIsByDistance() {
    let size = PixelSize(width: 30, height: 25)
    let mask = Mask(size: size, columns: 5..<14, rows: 4..<20) { x, y in (x * 7 + y * 5) % 11 == 0 }
    for radius in [0.5, 1, 2.5, 6] {
      let inside = pixels(mask)
      let expected = Mask(size: size, columns: 0..<30, rows: 0..<25) { x, y in
        inside.contains { Double(($0.x - x) * ($0.x - x) + ($0.y - y) * ($0.y - y)) <= radius * radius }
      }
      #expect(mask.dilated(by: radius) == expected)
    }
  }

  @Test func shiftsAndExposures() {
    let image = radiograph(PixelSize(width: 4, height: 3)) { Float($0 + 10 * $1) }
    #expect(image.shifted(columns: 1, rows: -1).samples == [10, 10, 11, 12, 20, 20, 21, 22, 20, 20, 21, 22])
    #expect(image.shifted(columns: 100, rows: 0).samples == [0, 0, 0, 0, 10, 10, 10, 10, 20, 20, 20, 20])
    #expect(image.brightened(by: 300).samples == [0, 300, 600, 900, 3000, 3300, 3600, 3900, 4095, 4095, 4095, 4095])
  }
}
