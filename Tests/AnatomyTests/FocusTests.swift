import CarpusAnatomy
import CarpusImaging
import CarpusTensors
import CarpusTestSupport
import Testing

@Suite struct FocusTests {
  /// A radiograph of 4×4 pixels seen as it is, through a map of 2×2 cells:
  /// `L = [[4, −2], [1, 0]]`; the region is the upper left 3×2 pixels: coverages [[1, ½], [0, 0]].
  @Test func everyNumber() throws {
    let size = PixelSize(4, 4)
    let set = try regions([Mask(PixelRectangle(minX: 0, minY: 0, maxX: 3, maxY: 2), size: size)])
    let focus = try Focus(of: map([4, -2, 1, 0], 2, 2), in: set, inputSize: size, transform: .identity)
    let region = focus.regions[0]
    #expect(region.points == 3)
    #expect(region.pointsPositive == 4)
    #expect(region.pointsNegative == -1)
    #expect(region.mass == 0.8)
    #expect(region.areaShare == 0.375)
    #expect(region.enrichment == 0.8 / 0.375)
    // The region's area is 1½ cells: the cell of 4 (coverage 1) and half of the cell of 1 (coverage 0).
    #expect(region.rankAccuracy == 1 / 1.5)
    #expect(region.peakInside == true)
    // Inside 1 at 4 and ½ at −2; outside ½ at −2, 1 at 1, 1 at 0. Pairs won: 2½ + ½·¼ of 1½·2½.
    #expect(region.auc == (2.5 + 0.125) / 3.75)
    #expect(region.ceiling == 1)
    #expect(region.pixels == 6)
    #expect(focus.inRegions == region)
    #expect(focus.elsewhere.points == 0)
    #expect(focus.elsewhere.pointsPositive == 1)
    #expect(focus.elsewhere.pointsNegative == -1)
    #expect(focus.elsewhere.peakInside == false)
    #expect(focus.elsewhere.pixels == 10)
    #expect(focus.padding.points == 0)
    #expect(focus.padding.areaShare == 0)
    let budget = focus.budget(score: 10, intercept: 1.5)
    #expect([budget.intercept, budget.inRegions, budget.elsewhere, budget.residual] == [1.5, 3, 0, 5.5])
    #expect(budget.score == 10)
  }

  /// A radiograph of 2×4 pixels in the middle of an input of 4×4: half of each of the 2×2 cells is padding.
  @Test func paddingIsNotTheRadiograph() throws {
    let size = PixelSize(2, 4)
    let set = try regions([Mask(PixelRectangle(minX: 0, minY: 0, maxX: 1, maxY: 2), size: size)])
    let transform = PixelTransform(scaleX: 1, scaleY: 1, offsetX: 1, offsetY: 0)
    let focus = try Focus(of: map([8, 4, 0, -4], 2, 2), in: set, inputSize: PixelSize(4, 4), transform: transform)
    #expect(focus.regions[0].points == 4)
    #expect(focus.regions[0].mass == 4.0 / 6)
    #expect(focus.regions[0].areaShare == 0.25)
    #expect(focus.regions[0].ceiling == 1)
    #expect([focus.padding.points, focus.padding.pointsPositive, focus.padding.pointsNegative] == [4, 6, -2])
    #expect(focus.padding.mass == 0.5)
    #expect(focus.padding.areaShare == 0.5)
    #expect(focus.elsewhere.points == 0)
    #expect(focus.regions[0].points + focus.elsewhere.points + focus.padding.points == 8)
  }

  @Test func withoutPositiveEvidenceSharesAreAbsent() throws {
    let size = PixelSize(4, 4)
    let set = try regions([Mask(PixelRectangle(minX: 0, minY: 0, maxX: 2, maxY: 2), size: size)])
    for values in [[0, 0, 0, 0], [-1, -2, -3, 0.0]] {
      let focus = try Focus(of: map(values, 2, 2), in: set, inputSize: size, transform: .identity)
      #expect(focus.regions[0].mass == nil)
      #expect(focus.regions[0].enrichment == nil)
      #expect(focus.regions[0].peakInside == nil)
      #expect(focus.padding.mass == nil)
      #expect(focus.regions[0].points == values[0])
    }
    // Two equal peaks: neither is the peak.
    let focus = try Focus(of: map([3, 3, 0, 0], 2, 2), in: set, inputSize: size, transform: .identity)
    #expect(focus.regions[0].peakInside == nil)
    #expect(focus.regions[0].mass == 0.5)
  }

  @Test func unseenRegionHasNoShare() throws {
    // The input is the left half of the radiograph.
    let set = try regions([Mask(PixelRectangle(minX: 3, minY: 0, maxX: 4, maxY: 4), size: PixelSize(4, 4))])
    let focus = try Focus(of: map([1, 2], 1, 2), in: set, inputSize: PixelSize(2, 4), transform: .identity)
    #expect(focus.regions[0].mass == 0)
    #expect(focus.regions[0].enrichment == nil)
    #expect(focus.regions[0].rankAccuracy == nil)
    #expect(focus.regions[0].auc == nil)
    #expect(focus.regions[0].pixels == 4)
  }

  @Test func refusesWhatIsNoMap() throws {
    let size = PixelSize(2, 2)
    let set = try regions([Mask(allOf: size)])
    func error(_ tensor: Tensor) -> FocusError? {
      do throws(FocusError) {
        _ = try Focus(of: tensor, in: set, inputSize: size, transform: .identity)
        return nil
      } catch { return error }
    }
    #expect(error(Tensor([1, 2, .nan, 4] as [Float], shape: [2, 2])) == .notFinite(row: 1, column: 0))
    #expect(error(Tensor([1, -.infinity] as [Float], shape: [1, 2])) == .notFinite(row: 0, column: 1))
    #expect(error(Tensor([1, 2] as [Float])) == .notAGrid([2], .float32))
    #expect(error(Tensor(zeros: .float32, shape: [0, 2])) == .notAGrid([0, 2], .float32))
    #expect(error(Tensor([1, 2] as [Int32], shape: [1, 2])) == .notAGrid([1, 2], .int32))
  }
}
