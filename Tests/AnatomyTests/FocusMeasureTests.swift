import CarpusAnatomy
import CarpusImaging
import CarpusTensors
import CarpusTestSupport
import Foundation
import Testing

/// Fixtures/Anatomy/focus.json and focus_measures.json, case by case.
private struct Geometry: Decodable {
  let mapHeight, mapWidth, inputWidth, inputHeight, width, height: Int
  let map, transform: [Double]
  let masks: [[Int]]
}

private struct Measures: Decodable {
  struct Region: Decodable { let auprc, auc, topShare, iou, reach: Double }

  let regions: [Region]
  let entropy, spread, gini: Double
}

@Suite struct FocusMeasureTests {
  private func near(_ a: Double?, _ b: Double) -> Bool { a.map { abs($0 - b) < 1e-11 } ?? false }

  @Test func measuresOfAnotherProgram() throws {
    let geometries = try JSONDecoder().decode([Geometry].self, from: Data(contentsOf: Fixtures.url("Anatomy/focus.json")))
    let cases = try JSONDecoder().decode([Measures].self, from: Data(contentsOf: Fixtures.url("Anatomy/focus_measures.json")))
    #expect(cases.count == geometries.count && cases.count == 5)
    for (geometry, expected) in zip(geometries, cases) {
      let size = PixelSize(geometry.width, geometry.height), t = geometry.transform
      let masks = try geometry.masks.map { try ColumnRunLength(counts: $0, size: size).mask }
      let focus = try Focus(
        of: map(geometry.map, geometry.mapHeight, geometry.mapWidth), in: regions(masks),
        inputSize: PixelSize(geometry.inputWidth, geometry.inputHeight),
        transform: PixelTransform(scaleX: t[0], scaleY: t[1], offsetX: t[2], offsetY: t[3]))
      for (ours, theirs) in zip(focus.regions, expected.regions) {
        #expect(near(ours.auprc, theirs.auprc) && near(ours.auc, theirs.auc) && near(ours.topShare, theirs.topShare))
        #expect(near(ours.iou, theirs.iou) && near(ours.reach, theirs.reach))
      }
      #expect(near(focus.concentration.entropy, expected.entropy) && near(focus.concentration.spread, expected.spread))
      #expect(near(focus.concentration.gini, expected.gini))
    }
  }

  /// 4×4 pixels, 2×2 cells, `L = [[4, −2], [1, 0]]`, coverages [[1, ½], [0, 0]]: thresholds 4, 1, 0, −2 with recall ⅔ at precision 1, and the rest at
  /// 1½/4. Otsu: {4} and {1, 0, 0} differ most, so the set is the first cell. Top ¼ of the area: the first cell.
  @Test func everyMeasureByHand() throws {
    let size = PixelSize(4, 4)
    let set = try regions([Mask(PixelRectangle(minX: 0, minY: 0, maxX: 3, maxY: 2), size: size)])
    let grid = MapGrid(height: 2, width: 2, inputSize: size, transform: .identity)
    let focus = try Focus(of: map([4, -2, 1, 0], 2, 2), in: FocusCoverage(of: set, on: grid), topArea: 0.25)
    let region = focus.regions[0]
    #expect(near(region.auprc, 2.0 / 3 + 1.0 / 3 * 1.5 / 4))
    #expect(region.topShare == 1)
    #expect(near(region.iou, 1 / 1.5))
    #expect(region.reach == 0.5)
    // Shares 0.8 and 0.2 of two whole cells.
    #expect(near(focus.concentration.entropy, -0.8 * log2(0.8) - 0.2 * log2(0.2)))
    // |4−1|, |4−0| twice, |1−0| twice: 13, both ways, over 2·4·5.
    #expect(near(focus.concentration.gini, 26.0 / 40))
    #expect(focus.concentration.pointsPositive == 5 && focus.concentration.pointsNegative == -2)
  }

  @Test(arguments: 0..<20) func uniformMapIsChanceInEveryMeasure(seed: UInt64) throws {
    let scene = FocusPropertyTests.Scene(seed: seed)
    let focus = try scene.focus([Double](repeating: 0.7, count: scene.values.count))
    for region in focus.regions + [focus.inRegions, focus.elsewhere] where region.areaShare > 0 {
      for measure in FocusMeasure.allCases where measure != .peakInside {
        guard let chance = measure.chance(of: region) else { continue }
        let value = try measure.value(of: region).get()
        #expect(near(value, chance), "\(measure)")
      }
      #expect(region.iou == nil && FocusMeasure.iou.value(of: region) == .failure(.uniform))
    }
    #expect(near(focus.concentration.spread, 1) && near(focus.concentration.gini, 0))
  }

  @Test func whatIsAbsentSaysWhy() throws {
    let size = PixelSize(4, 4)
    let set = try regions([Mask(PixelRectangle(minX: 0, minY: 0, maxX: 2, maxY: 2), size: size), Mask(allOf: size)])
    let dark = try Focus(of: map([-1, -2, -3, 0], 2, 2), in: set, inputSize: size, transform: .identity)
    for measure in [FocusMeasure.mass, .enrichment, .peakInside, .iou] {
      #expect(measure.value(of: dark.regions[0]) == .failure(.noPositiveEvidence))
    }
    #expect(dark.concentration.entropy == nil && dark.concentration.gini == nil && dark.concentration.pointsPositive == 0)
    // Where evidence is missing ranks are not.
    #expect(dark.regions[0].auc == 2.0 / 3)
    #expect(FocusMeasure.auc.value(of: dark.regions[1]) == .failure(.restUnseen))
    let tied = try Focus(of: map([3, 3, 0, 0], 2, 2), in: set, inputSize: size, transform: .identity)
    #expect(FocusMeasure.peakInside.value(of: tied.regions[0]) == .failure(.noSinglePeak))
    // The input is the right half of the radiograph, and then nothing of it.
    let half = try Focus(
      of: map([1, 2], 1, 2), in: set, inputSize: PixelSize(2, 4), transform: PixelTransform(scaleX: 1, scaleY: 1, offsetX: -2, offsetY: 0))
    for measure in [FocusMeasure.enrichment, .rankAccuracy, .topShare, .auc, .auprc, .iou] {
      #expect(measure.value(of: half.regions[0]) == .failure(.regionUnseen))
    }
    let nothing = try Focus(
      of: map([1, 2], 1, 2), in: set, inputSize: PixelSize(2, 4), transform: PixelTransform(scaleX: 1, scaleY: 1, offsetX: 9, offsetY: 0))
    for measure in FocusMeasure.allCases {
      if case .failure(let absence) = measure.value(of: nothing.regions[0]) { #expect(absence == .radiographUnseen) }
    }
    #expect(FocusMeasure.mass.value(of: nothing.regions[0]) == .failure(.radiographUnseen))
    #expect(FocusResolution(of: nothing.regions[0]) == .unseen && FocusResolution(of: half.regions[0]) == .unseen)
  }

  /// A region of 3×3 pixels: in the middle of four cells of 8×8 it fills 2×2 of one; cells of 4×4 show it better.
  @Test func coarseCellsResolveNoJoint() throws {
    let size = PixelSize(16, 16)
    let set = try regions([Mask(PixelRectangle(minX: 6, minY: 6, maxX: 9, maxY: 9), size: size)])
    func resolution(_ cells: Int) throws -> FocusResolution {
      let focus = try Focus(
        of: map((0..<cells * cells).map { Double($0) }, cells, cells), in: set, inputSize: size, transform: .identity)
      return FocusResolution(of: focus.regions[0])
    }
    #expect(try resolution(2) == .unresolvable(ceiling: 4.0 / 64, limit: 0.5))
    #expect(try resolution(2).description.contains("more than 6 %"))
    #expect(try resolution(4) == .unresolvable(ceiling: 4.0 / 16, limit: 0.5))
    #expect(try resolution(8) == .resolvable(ceiling: 1))
  }

  @Test(arguments: 0..<10) func groupsAreUnions(seed: UInt64) throws {
    let scene = FocusPropertyTests.Scene(seed: seed)
    let set = try regions(scene.masks)
    let groups = [
      RegionGroup(id: "all", of: set) { _ in true }, RegionGroup(id: "two", members: [2, 0]), RegionGroup(id: "one", of: set) { $0.id == "r3" },
      RegionGroup(id: "none", members: []), RegionGroup(id: "twice", members: [1, 1]),
    ]
    let values = map(scene.values, scene.height, scene.width)
    let focus = try Focus(of: values, in: FocusCoverage(of: set, groups: groups, on: scene.grid))
    #expect(focus.groups[0] == focus.inRegions && focus.groups[2] == focus.regions[3] && focus.groups[4] == focus.regions[1])
    // Two regions, as a region of their own.
    let joined = try scene.focus(nil, [scene.masks[0].union(scene.masks[2])])
    #expect(focus.groups[1] == joined.regions[0])
    #expect(FocusMeasure.enrichment.value(of: focus.groups[3]) == .failure(.regionUnseen) && focus.groups[3].points == 0)
    // The same regions in another order.
    let reversed = try scene.focus(nil, scene.masks.reversed())
    #expect(reversed.regions.reversed() == focus.regions && reversed.inRegions == focus.inRegions)
  }

  /// Map and masks in a mirror: only rounding changes.
  @Test(arguments: 0..<10) func mirroringChangesNothing(seed: UInt64) throws {
    let scene = FocusPropertyTests.Scene(seed: seed)
    let width = Double(scene.inputSize.width)
    let values = (0..<scene.values.count).map { cell in
      scene.values[cell / scene.width * scene.width + scene.width - 1 - cell % scene.width]
    }
    let t = scene.transform
    let mirrored = try Focus(
      of: map(values, scene.height, scene.width), in: regions(scene.masks.map { $0.mirrored(about: scene.size.width) }), inputSize: scene.inputSize,
      transform: PixelTransform(
        scaleX: t.scaleX, scaleY: t.scaleY, offsetX: width - t.offsetX - t.scaleX * Double(scene.size.width), offsetY: t.offsetY))
    let focus = try scene.focus()
    for (a, b) in zip(focus.regions, mirrored.regions) {
      for measure in FocusMeasure.allCases {
        switch (measure.value(of: a), measure.value(of: b)) {
        case (.success(let x), .success(let y)): #expect(abs(x - y) < 1e-9 * max(1, abs(x)), "\(measure)")
        case (let x, let y): #expect(x == y)
        }
      }
    }
  }

  @Test func refusesTheMapOfAnotherGrid() throws {
    let size = PixelSize(4, 4)
    let coverage = FocusCoverage(
      of: try regions([Mask(allOf: size)]), on: MapGrid(height: 2, width: 2, inputSize: size, transform: .identity))
    #expect(throws: FocusError.otherGrid([1, 2], height: 2, width: 2)) { try Focus(of: map([1, 2], 1, 2), in: coverage) }
  }
}
