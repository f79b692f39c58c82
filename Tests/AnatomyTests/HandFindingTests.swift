import CarpusAnatomy
import CarpusImaging
import Testing

/// Drawings whose parts are known by their formulas.
@Suite struct HandFindingTests {
  static let size = PixelSize(300, 400)
  static let palm = Mask(discAt: PixelPoint(x: 150, y: 250), radius: 60, size: size)
    .union(Mask(PixelRectangle(minX: 110, minY: 250, maxX: 190, maxY: 400), size: size))
    .union(Mask(PixelRectangle(minX: 100, minY: 80, maxX: 125, maxY: 250), size: size))
    .union(Mask(PixelRectangle(minX: 170, minY: 90, maxX: 195, maxY: 250), size: size))
  static let marker = Mask(PixelRectangle(minX: 30, minY: 60, maxX: 50, maxY: 90), size: size)

  /// A ground that brightens to the right, a hand, a marker; `band` paints over rows from there on.
  static func drawing(noise: Int = 60, lowerBand: Int? = nil, value: Int = 0) -> Radiograph {
    var random = SystemFree(state: 7)
    var samples = [UInt16](repeating: 0, count: size.count)
    for y in 0..<size.height {
      for x in 0..<size.width {
        var grey = 1500 + 4 * x + random.next(noise)
        if palm.contains(x: x, y: y) { grey = 9000 + 30 * ((x * 7 + y * 3) % 200) + random.next(noise) }
        if marker.contains(x: x, y: y) { grey = 40000 }
        if let band = lowerBand, y >= band + x / 30 { grey = value }
        samples[y * size.width + x] = UInt16(grey)
      }
    }
    return Radiograph(size: size, bitDepth: 16, samples: samples)
  }

  struct SystemFree {
    var state: UInt32
    mutating func next(_ limit: Int) -> Int {
      state = state &* 1_664_525 &+ 1_013_904_223
      return Int(state >> 8) % max(1, limit)
    }
  }

  func overlap(_ one: Mask, _ other: Mask) -> Double {
    Double(one.intersectionCount(other)) / Double(one.union(other).count)
  }

  @Test func findsHandMarkerAndGround() throws {
    let set = try HandFinding.regions(in: HandFindingTests.drawing())
    #expect(set.regions.map(\.id) == ["hand", "bright", "background"])
    // Two pixels along the outline are 5 % of it.
    #expect(overlap(set.regions[0].mask, HandFindingTests.palm) > 0.95)
    #expect(overlap(set.regions[1].mask, HandFindingTests.marker) > 0.7)
    // Every pixel is in exactly one region.
    #expect(set.union.count == HandFindingTests.size.count)
    #expect(set.regions.reduce(0) { $0 + $1.mask.count } == HandFindingTests.size.count)
    #expect(try HandFinding.regions(in: HandFindingTests.drawing()) == set)
  }

  @Test(arguments: [0, 30000]) func findsBands(value: Int) throws {
    let set = try HandFinding.regions(in: HandFindingTests.drawing(lowerBand: 370, value: value))
    let truth = Mask(HandFindingTests.size) { x, y in y >= 370 + x / 30 }
    let border = try #require(set.regions.first { $0.id == "border" })
    #expect(overlap(border.mask, truth) > 0.85)
    let hand = try #require(set.regions.first { $0.id == "hand" })
    #expect(overlap(hand.mask, HandFindingTests.palm.subtracting(truth)) > 0.93)
  }

  @Test func saysWhereNothingIsFound() {
    for samples in [[UInt16](repeating: 500, count: 120_000), (0..<120_000).map { UInt16($0 / 4) }] {
      #expect(throws: RegionError.self) {
        try HandFinding.regions(in: Radiograph(size: HandFindingTests.size, bitDepth: 16, samples: samples))
      }
    }
    for size in [PixelSize(1, 1), PixelSize(3, 2), PixelSize(4000, 1)] {
      #expect(throws: RegionError.self) {
        try HandFinding.regions(in: Radiograph(size: size, bitDepth: 8, samples: (0..<size.count).map { UInt16($0 % 256) }))
      }
    }
  }

  @Test func masksAreSubtracted() {
    let size = PixelSize(9, 7)
    var random = SystemFree(state: 3)
    for _ in 0..<50 {
      let (one, other) = (Mask(size) { _, _ in random.next(2) == 0 }, Mask(size) { _, _ in random.next(3) == 0 })
      let expected = Mask(size) { one.contains(x: $0, y: $1) && !other.contains(x: $0, y: $1) }
      #expect(one.subtracting(other) == expected)
    }
  }
}
