import CarpusAnatomy
import CarpusImaging
import CarpusTensors
import CarpusTestSupport
import Foundation
import Testing

/// Fixtures/Anatomy/focus.json
private struct FocusCase: Decodable {
  struct Statistics: Decodable {
    let points, pointsPositive, pointsNegative, mass, areaShare, enrichment, rankAccuracy, auc, ceiling: Double
    let peakInside: Bool?
    let pixels: Int
  }
  struct Padding: Decodable { let points, areaShare: Double }

  let mapHeight, mapWidth, inputWidth, inputHeight, width, height: Int
  let map, transform: [Double]
  let masks: [[Int]]
  let coverages: [[Double]]
  let regions: [Statistics]
  let inRegions, elsewhere: Statistics
  let padding: Padding
  let total: Double
}

@Suite struct FocusReferenceTests {
  private static func agrees(_ ours: FocusStatistics, _ theirs: FocusCase.Statistics) -> Bool {
    func near(_ a: Double?, _ b: Double) -> Bool { a.map { abs($0 - b) <= 1e-12 * max(1, abs(b)) } ?? false }
    return near(ours.points, theirs.points) && near(ours.pointsPositive, theirs.pointsPositive)
      && near(ours.pointsNegative, theirs.pointsNegative) && near(ours.mass, theirs.mass)
      && near(ours.areaShare, theirs.areaShare)
      && near(ours.enrichment, theirs.enrichment) && near(ours.rankAccuracy, theirs.rankAccuracy) && near(ours.auc, theirs.auc)
      && near(ours.ceiling, theirs.ceiling) && ours.peakInside == theirs.peakInside && ours.pixels == theirs.pixels
  }

  @Test func statisticsOfAnotherProgram() throws {
    let cases = try JSONDecoder().decode([FocusCase].self, from: Data(contentsOf: Fixtures.url("Anatomy/focus.json")))
    #expect(cases.count == 5)
    for reference in cases {
      let size = PixelSize(reference.width, reference.height)
      let inputSize = PixelSize(reference.inputWidth, reference.inputHeight)
      let t = reference.transform
      let transform = PixelTransform(scaleX: t[0], scaleY: t[1], offsetX: t[2], offsetY: t[3])
      let masks = try reference.masks.map { try ColumnRunLength(counts: $0, size: size).mask }
      let grid = MapGrid(height: reference.mapHeight, width: reference.mapWidth, inputSize: inputSize, transform: transform)
      for (mask, expected) in zip(masks, reference.coverages) {
        #expect(zip(grid.coverage(of: mask), expected).allSatisfy { abs($0 - $1) < 1e-12 })
      }
      let tensor = map(reference.map, reference.mapHeight, reference.mapWidth)
      let focus = try Focus(of: tensor, in: regions(masks), inputSize: inputSize, transform: transform)
      for (ours, theirs) in zip(focus.regions, reference.regions) { #expect(FocusReferenceTests.agrees(ours, theirs)) }
      #expect(FocusReferenceTests.agrees(focus.inRegions, reference.inRegions))
      #expect(FocusReferenceTests.agrees(focus.elsewhere, reference.elsewhere))
      #expect(abs(focus.padding.points - reference.padding.points) < 1e-12)
      #expect(abs(focus.padding.areaShare - reference.padding.areaShare) < 1e-12)
      #expect(abs(focus.inRegions.points + focus.elsewhere.points + focus.padding.points - reference.total) < 1e-12)
    }
  }
}
