import CarpusAnatomy
import CarpusImaging
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct FocusPropertyTests {
  struct Scene {
    let size, inputSize: PixelSize
    let transform: PixelTransform
    let height, width: Int
    let values: [Double]
    let masks: [Mask]

    init(seed: UInt64, isWholeInView: Bool = true) {
      var random = SeededGenerator(seed: seed)
      let size = PixelSize(.random(in: 10...60, using: &random), .random(in: 10...60, using: &random))
      let input = PixelSize(.random(in: 30...90, using: &random), .random(in: 30...90, using: &random))
      let share = isWholeInView ? Double.random(in: 0.5...1, using: &random) : 1.7
      let (scaleX, scaleY) = (share * Double(input.width) / Double(size.width), 0.9 * Double(input.height) / Double(size.height))
      transform = PixelTransform(
        scaleX: scaleX, scaleY: scaleY, offsetX: (Double(input.width) - scaleX * Double(size.width)) / 2,
        offsetY: 0.04 * Double(input.height))
      (self.size, inputSize) = (size, input)
      (height, width) = (Int.random(in: 1...14, using: &random), Int.random(in: 1...14, using: &random))
      values = (0..<height * width).map { _ in Double.random(in: -3...5, using: &random) }
      masks = (0..<4).map { _ in
        Mask(
          discAt: PixelPoint(
            x: .random(in: 3...Double(size.width - 3), using: &random),
            y: .random(in: 3...Double(size.height - 3), using: &random)),
          radius: .random(in: 1...12, using: &random), size: size)
      }
    }

    var grid: MapGrid { MapGrid(height: height, width: width, inputSize: inputSize, transform: transform) }

    func focus(_ values: [Double]? = nil, _ masks: [Mask]? = nil) throws -> Focus {
      try Focus(
        of: map(values ?? self.values, height, width), in: regions(masks ?? self.masks), inputSize: inputSize,
        transform: transform)
    }
  }

  @Test(arguments: 0..<40) func coverageOfACellIsThatOfItsRectangle(seed: UInt64) {
    let scene = Scene(seed: seed, isWholeInView: seed % 4 != 0)
    let grid = scene.grid
    for mask in scene.masks + [Mask(allOf: scene.size), Mask(emptyOf: scene.size)] {
      let coverage = grid.coverage(of: mask)
      for row in 0..<scene.height {
        for column in 0..<scene.width {
          let cell = grid.cell(row: row, column: column)
          #expect(abs(coverage[row * scene.width + column] - mask.coverage(of: cell) / cell.area) < 1e-12)
        }
      }
    }
    #expect(
      zip(grid.coverage(of: Mask(allOf: scene.size)), grid.coverage(ofRadiograph: scene.size)).allSatisfy { abs($0 - $1) < 1e-12 }
    )
    // Cells are the inverse of the transform.
    let first = scene.transform.backward(
      PixelRectangle(
        minX: 0, minY: 0, maxX: Double(scene.inputSize.width) / Double(scene.width),
        maxY: Double(scene.inputSize.height) / Double(scene.height)))
    let cell = grid.cell(row: 0, column: 0)
    #expect(
      abs(cell.minX - first.minX) < 1e-9 && abs(cell.maxX - first.maxX) < 1e-9 && abs(cell.minY - first.minY) < 1e-9
        && abs(cell.maxY - first.maxY) < 1e-9)
  }

  /// 200×200 points of each cell, carried back to the radiograph and looked up: the error is that of the count.
  @Test(arguments: 0..<4) func coverageIsWhatSamplingSees(seed: UInt64) {
    let scene = Scene(seed: 100 + seed)
    let coverage = scene.grid.coverage(of: scene.masks[0])
    let samples = 200
    for row in 0..<scene.height {
      for column in 0..<scene.width {
        var hits = 0
        for j in 0..<samples {
          for i in 0..<samples {
            let x = (Double(column) + (Double(i) + 0.5) / Double(samples)) * Double(scene.inputSize.width) / Double(scene.width)
            let y = (Double(row) + (Double(j) + 0.5) / Double(samples)) * Double(scene.inputSize.height) / Double(scene.height)
            let pixel = (
              x: (x - scene.transform.offsetX) / scene.transform.scaleX, y: (y - scene.transform.offsetY) / scene.transform.scaleY
            )
            if scene.masks[0].contains(x: Int(pixel.x.rounded(.down)), y: Int(pixel.y.rounded(.down))) { hits += 1 }
          }
        }
        #expect(abs(coverage[row * scene.width + column] - Double(hits) / Double(samples * samples)) < 0.02)
      }
    }
  }

  @Test(arguments: 0..<40) func pointsOfAPartitionAddUp(seed: UInt64) throws {
    let scene = Scene(seed: seed)
    // Four quarters with borders inside cells, and the padding.
    let (x, y) = (scene.size.width / 3, scene.size.height / 2)
    let quarters = [0, 1, 2, 3].map { part in
      Mask(scene.size) { ($0 < x) == (part % 2 == 0) && ($1 < y) == (part < 2) }
    }
    let focus = try scene.focus(nil, quarters)
    let total = scene.values.reduce(0, +)
    #expect(abs(focus.regions.reduce(0) { $0 + $1.points } + focus.padding.points - total) < 1e-12 * Double(scene.values.count))
    #expect(abs(focus.regions.reduce(0) { $0 + ($1.mass ?? .nan) } - 1) < 1e-12)
    #expect(abs(focus.elsewhere.points) < 1e-12)
    let budget = focus.budget(score: 42.3, intercept: 1.7)
    #expect(abs(budget.score - 42.3) <= 42.3.ulp * 8)
    #expect(abs(budget.residual - (42.3 - 1.7 - total)) < 1e-11)
  }

  @Test(arguments: 0..<40) func uniformMapIsChance(seed: UInt64) throws {
    let scene = Scene(seed: seed, isWholeInView: seed % 2 == 0)
    let focus = try scene.focus([Double](repeating: 0.7, count: scene.values.count))
    for (region, mask) in zip(focus.regions + [focus.inRegions, focus.elsewhere], scene.masks.map(\.count) + [nil, nil])
    where region.areaShare > 0 {
      let (enrichment, rankAccuracy, auc) = (
        try #require(region.enrichment), try #require(region.rankAccuracy), try #require(region.auc)
      )
      #expect(abs(enrichment - 1) < 1e-12)
      #expect(abs(rankAccuracy - region.areaShare) < 1e-12)
      #expect(abs(auc - 0.5) < 1e-12)
      #expect(region.peakInside == nil || scene.values.count == 1)
      if seed % 2 == 0, let mask { #expect(abs(region.areaShare - Double(mask) / Double(scene.size.count)) < 1e-12) }
    }
  }

  @Test(arguments: 0..<40) func boundsHold(seed: UInt64) throws {
    let scene = Scene(seed: seed)
    let focus = try scene.focus()
    for region in focus.regions + [focus.inRegions, focus.elsewhere] {
      let (mass, ceiling) = (try #require(region.mass), try #require(region.ceiling))
      let (auc, rankAccuracy) = (try #require(region.auc), try #require(region.rankAccuracy))
      #expect(mass <= ceiling + 1e-12)
      #expect((0...1).contains(auc) && (0...1 + 1e-12).contains(rankAccuracy))
      #expect(abs(region.points - region.pointsPositive - region.pointsNegative) < 1e-12)
    }
    // The union holds each pixel once: not more than the sum, not less than each.
    #expect(focus.inRegions.pixels <= focus.regions.reduce(0) { $0 + $1.pixels })
    #expect(focus.inRegions.pointsPositive <= focus.regions.reduce(0) { $0 + $1.pointsPositive } + 1e-12)
    #expect(focus.regions.allSatisfy { $0.pointsPositive <= focus.inRegions.pointsPositive + 1e-12 })
    // All evidence in the best-covered cell reaches the ceiling.
    let coverage = scene.grid.coverage(of: scene.masks[0])
    let seen = scene.grid.coverage(ofRadiograph: scene.size)
    let best = try #require(coverage.indices.max { ratio(coverage[$0], seen[$0]) < ratio(coverage[$1], seen[$1]) })
    let perfect = coverage.indices.map { $0 == best ? 1.0 : 0 }
    let region = try scene.focus(perfect).regions[0]
    let (mass, ceiling) = (try #require(region.mass), try #require(region.ceiling))
    #expect(abs(mass - ceiling) < 1e-12)
    #expect(region.peakInside == true || scene.values.count == 1)
  }

  private func ratio(_ a: Double, _ b: Double) -> Double { b > 0 ? a / b : 0 }

  @Test(arguments: 0..<20) func movingMaskAndMapTogetherChangesNothing(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    // Cells of 8×8 pixels; a disc and a map that vanish near the border, moved by whole cells.
    let size = PixelSize(80, 64)
    let shift = (x: Int.random(in: 0...4, using: &random), y: Int.random(in: 0...3, using: &random))
    let spot = (0..<4).map { _ in (0..<4).map { _ in Double.random(in: -1...3, using: &random) } }
    let disc = PixelPoint(x: .random(in: 10...22, using: &random), y: .random(in: 10...22, using: &random))
    func focus(_ dx: Int, _ dy: Int) throws -> Focus {
      var values = [Double](repeating: 0, count: 80)
      for j in 0..<4 { for i in 0..<4 { values[(j + dy) * 10 + i + dx] = spot[j][i] } }
      let mask = Mask(discAt: PixelPoint(x: disc.x + Double(8 * dx), y: disc.y + Double(8 * dy)), radius: 9, size: size)
      return try Focus(of: map(values, 8, 10), in: regions([mask]), inputSize: size, transform: .identity)
    }
    let (here, there) = (try focus(0, 0).regions[0], try focus(shift.x, shift.y).regions[0])
    #expect(here.pixels == there.pixels && here.peakInside == there.peakInside && here.ceiling == there.ceiling)
    #expect(here.areaShare == there.areaShare && here.rankAccuracy == there.rankAccuracy)
    func near(_ a: Double?, _ b: Double?) throws -> Bool { abs(try #require(a) - (try #require(b))) < 1e-12 }
    #expect(abs(here.points - there.points) < 1e-12)
    #expect(try near(here.mass, there.mass))
    #expect(try near(here.auc, there.auc))
  }

  @Test(arguments: 0..<20) func unitsScaleAndSignsMirror(seed: UInt64) throws {
    let scene = Scene(seed: seed)
    let (one, hundred) = (try scene.focus(), try scene.focus(scene.values.map { $0 * 128 }))
    let mirrored = try scene.focus(scene.values.map { -$0 })
    for index in one.regions.indices {
      let (a, b, c) = (one.regions[index], hundred.regions[index], mirrored.regions[index])
      #expect(b.points == 128 * a.points && b.mass == a.mass && b.auc == a.auc && b.rankAccuracy == a.rankAccuracy)
      #expect(c.pointsPositive == -a.pointsNegative && c.pointsNegative == -a.pointsPositive)
      let sum = try #require(a.auc) + (try #require(c.auc))
      #expect(abs(sum - 1) < 1e-12)
    }
  }

  @Test(arguments: 0..<200) func budgetAddsUpToTheScore(seed: UInt64) throws {
    let scene = Scene(seed: seed % 7)
    var random = SeededGenerator(seed: seed)
    let focus = try scene.focus()
    let explained = focus.inRegions.points + focus.elsewhere.points + focus.padding.points
    // A residual that is small beside the score, as that of a complete map: the sum is the score to the last bit.
    let intercept = Double.random(in: 0...5, using: &random)
    let score = (explained + intercept) * Double.random(in: 0.6...1.6, using: &random)
    #expect(focus.budget(score: score, intercept: intercept).score == score)
    // Any other: within the rounding of the largest term.
    let other = Double.random(in: -300...300, using: &random)
    let budget = focus.budget(score: other, intercept: intercept)
    let largest = [budget.intercept, budget.inRegions, budget.elsewhere, budget.residual].map(abs).max() ?? 0
    #expect(abs(budget.score - other) <= largest.ulp)
  }
}
