import CarpusScoring
import CarpusTestSupport
import Foundation
import Testing

/// Fixtures/Chance/chance.json
private struct Reference: Decodable {
  struct Beta: Decodable { let x, a, b, value: Double }
  struct Gamma: Decodable { let x, value: Double }
  struct Normal: Decodable { let p, z: Double }
  struct Binomial: Decodable { let hits, count: Int, level, lower, upper: Double }
  struct Unequal: Decodable { let chances: [Double], hits: Int, p: Double }
  struct Holm: Decodable { let p, adjusted: [Double] }
  struct Signs: Decodable { let differences: [Double], greater, less: Double }
  struct Regridded: Decodable {
    let first, second: [Double], firstHeight, firstWidth, secondHeight, secondWidth: Int, pearson, spearman: Double
  }

  let beta: [Beta], gamma: [Gamma], normal: [Normal], binomial: [Binomial], unequal: [Unequal], holm: [Holm], signs: [Signs]
  let regridded: [Regridded]

  static func read() throws -> Reference {
    try JSONDecoder().decode(Reference.self, from: Data(contentsOf: Fixtures.url("Chance/chance.json")))
  }
}

@Suite struct ChanceReferenceTests {
  private func near(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool { abs(a - b) <= tolerance * max(1, abs(b)) }

  @Test func distributionsOfScipy() throws {
    let reference = try Reference.read()
    for value in reference.beta {
      let ours = BetaDistribution.cumulative(value.x, value.a, value.b)
      #expect(abs(ours - value.value) <= 1e-10 * value.value + 1e-15, "I_\(value.x)(\(value.a), \(value.b)) = \(ours)")
      // The inverse, where the function is not flat.
      if value.value > 1e-6, value.value < 1 - 1e-6 {
        #expect(near(BetaDistribution.quantile(value.value, value.a, value.b), value.x, 1e-9))
      }
    }
    for value in reference.gamma { #expect(near(BetaDistribution.logGamma(value.x), value.value, 1e-13), "ln Γ(\(value.x))") }
    for value in reference.normal { #expect(near(NormalDistribution.quantile(value.p), value.z, 1e-9), "z of \(value.p)") }
    // Closed forms.
    #expect(near(BetaDistribution.logGamma(0.5), 0.5 * log(Double.pi), 1e-15))
    #expect(near(BetaDistribution.cumulative(0.3, 1, 1), 0.3, 1e-15) && near(BetaDistribution.cumulative(0.3, 1, 5), 1 - pow(0.7, 5), 1e-14))
    #expect(near(BetaDistribution.cumulative(0.3, 0.5, 0.5), 2 / Double.pi * asin(0.3.squareRoot()), 1e-14))
  }

  @Test func exactBinomialIntervalsOfScipy() throws {
    for value in try Reference.read().binomial {
      let rate = HitRate((0..<value.count).map { (isHit: $0 < value.hits, chance: nil) })
      let interval = try #require(rate.interval(level: value.level))
      #expect(near(interval.lowerBound, value.lower, 1e-9) && near(interval.upperBound, value.upper, 1e-9), "\(value.hits) of \(value.count)")
      #expect(rate.p == nil && rate.chance == nil)
    }
    let none = HitRate([(isHit: nil, chance: 0.2)])
    #expect(none.interval() == nil && none.share == nil && none.leftOut == 1 && none.p == nil)
  }

  @Test func sumsOfUnequalCoins() throws {
    for value in try Reference.read().unequal {
      let outcomes = value.chances.indices.map { (isHit: Bool?($0 < value.hits), chance: Double?(value.chances[$0])) }
      let rate = HitRate(outcomes + [(isHit: nil, chance: 0.5)])
      let p = try #require(rate.p)
      #expect(near(p, value.p, 1e-12) && rate.leftOut == 1)
    }
  }

  @Test func holmByDefinition() throws {
    for value in try Reference.read().holm {
      let correction = HolmCorrection([nil] + value.p.map { $0 })
      #expect(correction.testCount == value.p.count && correction.adjusted[0] == nil)
      for (ours, theirs) in zip(correction.adjusted.dropFirst(), value.adjusted) {
        let ours = try #require(ours)
        #expect(near(ours, theirs, 1e-14))
      }
    }
    #expect(HolmCorrection([0.01, 0.04, nil, 0.03]).adjusted == [0.03, 0.06, nil, 0.06])
    #expect(HolmCorrection([]).testCount == 0)
  }

  /// 20,000 random signs against all signs: four standard errors of a share of ½ are 1.4 %.
  @Test func randomSignsApproachAllSigns() throws {
    for value in try Reference.read().signs {
      func p(_ tail: PermutationTest.Tail) throws -> Double {
        let zero = value.differences.map { _ in Double?(0) }
        return try #require(PairedDifference(value.differences.map { $0 }, zero, patients: nil, resamples: 20_000, seed: 8, tail: tail).test).p
      }
      let (greater, less) = (try p(.greater), try p(.less))
      #expect(abs(greater - value.greater) < 0.015 && abs(less - value.less) < 0.015)
    }
  }

  @Test func agreementOfMapsOnTheCommonGrid() throws {
    for value in try Reference.read().regridded {
      let agreement = MapAgreement(
        MapCells(value.first, height: value.firstHeight, width: value.firstWidth),
        MapCells(value.second, height: value.secondHeight, width: value.secondWidth))
      let (pearson, spearman) = (try agreement.pearson.get(), try agreement.spearman.get())
      #expect(near(pearson, value.pearson, 1e-12) && near(spearman, value.spearman, 1e-12))
    }
    let one = MapCells([1, 2, 3, 4], height: 2, width: 2)
    // A map is its own best likeness, whatever its scale; a constant one has none.
    let scaled = try MapAgreement(one, MapCells([10, 20, 30, 40], height: 2, width: 2)).pearson.get()
    #expect(near(scaled, 1, 1e-15))
    #expect(MapAgreement(one, MapCells([7], height: 1, width: 1)).spearman == .failure(.tooFewImages(needed: 3)))
    #expect(MapAgreement(one, MapCells([7, 7, 7, 7], height: 2, width: 2)).pearson == .failure(.constantPrediction))
    let seen = MapAgreement(one, MapCells([1, 5, 9, -100], height: 2, width: 2), radiograph: MapCells([1, 1, 0.5, 0.4], height: 2, width: 2))
    let line = try seen.pearson.get()
    #expect(seen.cellCount == 3 && near(line, 1, 1e-15))
  }
}
