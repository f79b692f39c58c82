import CarpusAnatomy
import CarpusImaging
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct FocusChanceTests {
  private let size = PixelSize(60, 50)
  private var hand: Mask { Mask(discAt: PixelPoint(x: 31, y: 24), radius: 22, size: size) }
  /// An oval cut on one side: none of its mirror images is itself.
  private var joint: Mask { Mask(size) { x, y in (x - 20) * (x - 20) + 2 * (y - 20) * (y - 20) < 40 && x + y < 44 } }
  private var grid: MapGrid {
    MapGrid(height: 6, width: 5, inputSize: PixelSize(70, 60), transform: PixelTransform(scaleX: 1.1, scaleY: 1.05, offsetX: 2, offsetY: 3.5))
  }

  /// Where a mask is moved to, its coverage is that of the moved pixels.
  @Test func movedCoverageIsThatOfTheMovedMask() {
    var random = SeededGenerator(seed: 3)
    let placements = MaskMoves(of: joint, within: MaskMoves.Ground(hand)).placements(60, using: &random)
    #expect(placements.count == 60 && Set(placements).count > 50)
    #expect(Set(placements.map { [$0.isFlippedX, $0.isFlippedY] }).count == 4)
    let moved = MovedCoverage(of: joint, at: placements, on: grid)
    let columns = joint.columnBounds, rows = joint.rows
    for (draw, place) in placements.enumerated() {
      let mask = Mask(size) { x, y in
        let (u, v) = (x - place.x, y - place.y)
        guard columns.indices.count > u, u >= 0, rows.count > v, v >= 0 else { return false }
        return joint.contains(
          x: columns.lowerBound + (place.isFlippedX ? columns.count - 1 - u : u), y: rows.lowerBound + (place.isFlippedY ? rows.count - 1 - v : v))
      }
      #expect(mask.count == joint.count && mask.intersectionCount(hand) == joint.count)
      let expected = grid.coverage(of: mask)
      var dense = [Double](repeating: 0, count: expected.count)
      for entry in moved.offsets[draw]..<moved.offsets[draw + 1] { dense[Int(moved.cells[entry])] = moved.shares[entry] }
      #expect(zip(dense, expected).allSatisfy { abs($0 - $1) < 1e-12 })
      #expect(abs(moved.areas[draw] - expected.reduce(0, +)) < 1e-12)
    }
  }

  /// Every place that is allowed is found, equally often; none that is not.
  @Test func placesAreUniform() {
    let hand = Mask(PixelRectangle(minX: 10, minY: 10, maxX: 15, maxY: 13), size: size)
    let mask = Mask(PixelRectangle(minX: 11, minY: 10, maxX: 13, maxY: 12), size: size)
    var random = SeededGenerator(seed: 11)
    var counts: [MaskMoves.Placement: Int] = [:]
    for place in MaskMoves(of: mask, within: MaskMoves.Ground(hand)).placements(16_000, using: &random) { counts[place, default: 0] += 1 }
    // 4 × 2 corners, 4 mirrorings; expected 500 each, standard deviation 22.
    #expect(counts.count == 32 && counts.values.allSatisfy { abs($0 - 500) < 100 })
    #expect(counts.keys.allSatisfy { (10...13).contains($0.x) && (10...11).contains($0.y) })
  }

  /// A region that hangs over the hand's edge may do so elsewhere, as far as now and no farther.
  @Test func noMoreLiesOutsideThanNow() {
    let mask = Mask(PixelRectangle(minX: 27, minY: 0, maxX: 35, maxY: 8), size: size)
    let inside = mask.intersectionCount(hand)
    #expect(inside > 0 && inside < mask.count)
    var random = SeededGenerator(seed: 5)
    let places = MaskMoves(of: mask, within: MaskMoves.Ground(hand)).placements(400, using: &random)
    let shares = places.map { place in
      Mask(
        PixelRectangle(minX: Double(place.x), minY: Double(place.y), maxX: Double(place.x + 8), maxY: Double(place.y + 8)), size: size
      ).intersectionCount(hand)
    }
    #expect(shares.count == 400 && shares.allSatisfy { $0 >= inside } && shares.contains { $0 < mask.count })
  }

  @Test func streamsAreOfEachRegionAlone() throws {
    let other = Mask(discAt: PixelPoint(x: 35, y: 30), radius: 4, size: size)
    let values = map((0..<30).map { Double($0 * 7 % 11) - 3 }, 6, 5)
    func distributions(_ masks: [Mask], stream: @escaping (Int) -> SeededGenerator, draws: Int = 50) throws
      -> (regions: [NullDistribution?], groups: [NullDistribution?])
    {
      let set = try regions(masks)
      let coverage = FocusCoverage(of: set, groups: [RegionGroup(id: "all", of: set) { _ in true }], on: grid)
      return try FocusChance(of: set, coverage, within: [hand], handOfRegion: { _ in 0 }, draws: draws, stream: stream).distributions(of: values)
    }
    let alone = try distributions([joint]) { _ in SeededGenerator(seed: 1) }
    let both = try distributions([other, joint]) { SeededGenerator(seed: $0 == 1 ? 1 : 2) }
    #expect(alone.regions[0] == both.regions[1])
    // A group moves member by member.
    let (a, b, group) = (try #require(both.regions[0]), try #require(both.regions[1]), try #require(both.groups[0]))
    #expect(zip(group.draws, zip(a.draws, b.draws)).allSatisfy { $0.area == $1.0.area + $1.1.area && $0.positive == $1.0.positive + $1.1.positive })
    // A region as large as the hand finds no room; its group neither.
    let full = try distributions([Mask(allOf: size), joint]) { SeededGenerator(seed: UInt64($0)) }
    #expect(full.regions[1] != nil)
    let tight = try distributions([hand, joint]) { SeededGenerator(seed: UInt64($0)) }
    #expect(tight.regions[0] == nil && tight.groups[0] == nil)
  }

  /// 1,000 cohorts of 3 images whose region lies anywhere in the hand, whatever the map shows: the p-value of the mean enrichment is uniform. Beyond
  /// 1.63/√1000 the largest distance lies in one of a hundred such studies.
  @Test func pValuesAreUniformUnderTheNull() throws {
    let size = PixelSize(32, 32), grid = MapGrid(height: 4, width: 4, inputSize: size, transform: .identity)
    let hand = Mask(PixelRectangle(minX: 2, minY: 2, maxX: 30, maxY: 30), size: size)
    var random = SeededGenerator(seed: 2024)
    let draws = 99
    var values: [Double] = []
    for _ in 0..<1000 {
      var observed = 0.0, null = [Double](repeating: 0, count: draws)
      for _ in 0..<3 {
        let (x, y) = (Double(Int.random(in: 2...25, using: &random)), Double(Int.random(in: 2...25, using: &random)))
        let set = try regions([Mask(PixelRectangle(minX: x, minY: y, maxX: x + 5, maxY: y + 5), size: size)])
        let coverage = FocusCoverage(of: set, on: grid), seed = random.next()
        let chance = FocusChance(
          of: set, coverage, within: [hand], handOfRegion: { _ in 0 }, draws: draws, stream: { _ in SeededGenerator(seed: seed) })
        let field = map((0..<16).map { _ in Double.random(in: -1...1, using: &random) }, 4, 4)
        let image = try #require(try chance.distributions(of: field).regions[0]).values(.enrichment)
        observed += image.observed
        for draw in 0..<draws { null[draw] += image.draws[draw] }
      }
      values.append(Double(1 + null.count { $0 >= observed - 1e-10 }) / Double(1 + draws))
    }
    let sorted = values.sorted()
    let distance = sorted.enumerated().map { max(Double($0.offset + 1) / 1000 - $0.element, $0.element - Double($0.offset) / 1000) }.max() ?? 1
    #expect(distance < 0.0515, "\(distance)")
  }

  @Test func measuresOfADistribution() throws {
    let null = NullDistribution(
      observed: EvidenceSum(positive: 3, negative: -1, area: 2), draws: [EvidenceSum(positive: 1, negative: 0, area: 4)],
      whole: EvidenceSum(positive: 10, negative: -5, area: 20))
    let enrichment = try null.values(.enrichment), mass = try null.values(.mass), mean = try null.values(.mean)
    #expect(enrichment == (3.0 / 10 / (2.0 / 20), [1.0 / 10 / (4.0 / 20)]))
    #expect(mass == (0.3, [0.1]) && mean == (1, [0.25]))
    let dark = NullDistribution(observed: EvidenceSum(area: 1), draws: [EvidenceSum(area: 1)], whole: EvidenceSum(negative: -3, area: 20))
    #expect(throws: FocusAbsence.noPositiveEvidence) { try dark.values(.mass) }
    #expect(try dark.values(.mean).observed == 0)
    let unseen = NullDistribution(observed: EvidenceSum(), draws: [], whole: EvidenceSum(positive: 1, area: 20))
    #expect(throws: FocusAbsence.regionUnseen) { try unseen.values(.enrichment) }
  }

  /// The observed enrichment of a distribution is that of the statistics; so are those of other places.
  @Test func observedIsTheStatistic() throws {
    let set = try regions([joint, joint.mirrored(about: 62)])
    let coverage = FocusCoverage(of: set, on: grid)
    let values = map((0..<30).map { Double($0 * 7 % 11) - 3 }, 6, 5)
    let focus = try Focus(of: values, in: coverage)
    let null = try coverage.distribution(of: values, in: coverage.ofRegions[0], beside: [coverage.ofRegions[1]]).values(.enrichment)
    let expected = (try #require(focus.regions[0].enrichment), try #require(focus.regions[1].enrichment))
    #expect(abs(null.observed - expected.0) < 1e-12 && abs(null.draws[0] - expected.1) < 1e-12)
    // Mirrored twice about the same line: the same; x becomes 61 − x.
    #expect(joint.mirrored(about: 62).mirrored(about: 62) == joint && joint.mirrored(about: 62).contains(x: 61 - 20, y: 20))
    #expect(joint.mirrored(about: 10).isEmpty)
  }

  @Test func baselineMaps() throws {
    var average = AverageMask(height: 6, width: 5)
    #expect(average.map == nil)
    let set = try regions([joint, joint.mirrored(about: 62)])
    let coverage = FocusCoverage(of: set, on: grid)
    for region in coverage.ofRegions { average.add(region) }
    let values = try #require(average.map).doubles
    #expect(average.count == 2)
    #expect(zip(values, zip(grid.coverage(of: joint), grid.coverage(of: joint.mirrored(about: 62)))).allSatisfy { abs($0 - ($1.0 + $1.1) / 2) < 1e-12 })
    // 4×4 cells of 10 pixels: centres 5 and 15 from the middle, σ = 10.
    let centre = MapGrid(height: 4, width: 4, inputSize: PixelSize(40, 40), transform: .identity)
      .centreWeighted(on: PixelRectangle(minX: 0, minY: 0, maxX: 40, maxY: 40)).doubles
    #expect(abs(centre[5] - 0.7788007830714049) < 1e-15 && abs(centre[0] - 0.10539922456186433) < 1e-15 && centre[1] == centre[4])
  }
}
