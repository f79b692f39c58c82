import CarpusAnatomy
import CarpusReporting
import Testing

@Suite struct MeanHandsTests {
  /// Where all places lie as the diagram has them but for shift, size and slant, so do all cells: the spline does not bend.
  @Test func anAffineHandIsWarpedExactly() throws {
    let sites: [(SvdHSite, Double, Double)] = [
      (.pip5, 38, 132), (.pip3, 154, 82), (.ip1, 304, 214), (.mcp5, 52, 222), (.mcp2, 208, 202), (.cmc1, 246, 340), (.radius, 176, 548), (.ulna, 72, 536),
    ]
    let places = try #require(CanonicalHand(sites.map(\.0))).places(sites.map { (100 + 2 * $0.1 + 0.5 * $0.2, 50 - 0.25 * $0.1 + 3 * $0.2) })
    #expect(places.count == 68 * 118)
    for (index, place) in places.enumerated() where index % 97 == 0 {
      let x = (Double(index % 68) + 0.5) * 5, y = (Double(index / 68) + 0.5) * 5
      #expect(abs(place.x - (100 + 2 * x + 0.5 * y)) < 1e-6 && abs(place.y - (50 - 0.25 * x + 3 * y)) < 1e-6)
    }
    #expect(CanonicalHand([.mcp1, .mcp2]) == nil)
  }

  /// 20 cells of half a point: 10 points on the whole radiograph are 0.1 on each hundredth, however large the cells and the radiograph are.
  @Test func densityIsPointsOnAHundredthOfTheRadiograph() throws {
    func source(_ value: Float, x: Double = 0, width: Double = 100) -> MeanHands.Source {
      MeanHands.Source(
        cells: [Float](repeating: value, count: 20), height: 4, width: 5, x: x, y: 0, frameWidth: width, frameHeight: 80, radiographWidth: 100, radiographHeight: 80)
    }
    #expect(try abs(#require(source(0.5).density(x: 3, y: 77)) - 0.1) < 1e-12)
    // Twice as wide cells have half as much on the same area.
    #expect(try abs(#require(source(0.5, width: 200).density(x: 50, y: 40)) - 0.05) < 1e-12)
    #expect(source(0.5).density(x: 100, y: 40) == nil && source(0.5).density(x: -0.1, y: 40) == nil)
    #expect(source(0.5, x: 50).density(x: 20, y: 40) == nil)
    // Between the middles of two cells in proportion.
    var ramp = source(0)
    ramp.cells = (0..<20).map { Float($0 % 5) }
    #expect(try abs(#require(ramp.density(x: 35, y: 40)) - 1.25 * 0.2) < 1e-12)
  }

  @Test func meansAreOfTheRadiographsThatReach() throws {
    var means = MeanHands()
    let warps = MeanHands.Warps()
    for (value, total) in [(1.0, 10.0), (3, 60)] {
      means.add(
        MeanHands.Source(
          cells: [Float](repeating: Float(value), count: 4), height: 2, width: 2, x: 0, y: 0, frameWidth: 900, frameHeight: 600, radiographWidth: 900, radiographHeight: 600),
        SampleCohorts.landmarks, total: total, warps)
    }
    let all = try #require(means.hand(.left, .all)?.means), low = try #require(means.hand(.left, .low)?.means)
    let reached = all.compactMap { $0 }
    #expect(reached.count > 7000 && reached.allSatisfy { abs($0 - 0.08) < 1e-9 } && low.compactMap { $0 }.allSatisfy { abs($0 - 0.04) < 1e-9 })
    #expect(means.hand(.left, .middle)?.means == nil)
  }
}
