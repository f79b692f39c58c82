import CarpusScoring
import Testing

/// Verdicts on numbers that can be worked out by hand.
@Suite struct VerdictTests {
  private func verdict(_ rule: VerdictRule, _ fill: (inout AuditEvidence) -> Void, limit: Double? = nil) -> Verdict? {
    var evidence = AuditEvidence(resamples: 200, seed: 3), rules = VerdictRules()
    fill(&evidence)
    if let limit { rules[rule] = limit }
    return evidence.verdicts(rules, agreement: evidence.agreement, damage: evidence.damageContrast).first { $0.rule == rule }
  }

  private func image(_ number: Int, score: Double, total: Double?, p: Double? = nil) -> AuditEvidence.Image {
    AuditEvidence.Image(patient: "\(number)", score: score, total: total, p: p)
  }

  private func reading(_ enrichment: Double?, mass: Double? = 0.5, draws: [Double]? = nil) -> RegionEvidence.Reading {
    RegionEvidence.Reading(points: 1, mass: enrichment == nil ? nil : mass, areaShare: 0.25, enrichment: enrichment, draws: draws)
  }

  @Test func agreementIsJudgedByTheLowerEnd() throws {
    let good = try #require(verdict(.agreement) { evidence in
      for number in 0..<30 { evidence.add(image(number, score: Double(number) + Double(number % 3), total: Double(number))) }
    })
    #expect(good.outcome == .passed && (0.99...1).contains(good.value ?? 0))
    // Scores that rise and fall four times: the correlation is small and its interval holds 0.
    let none = try #require(verdict(.agreement) { evidence in
      for number in 0..<32 { evidence.add(image(number, score: Double(number % 8), total: Double(number / 8))) }
    })
    #expect(none.outcome == .failed && abs(none.value ?? 1) < 1e-12)
    let constant = try #require(verdict(.agreement) { evidence in
      for number in 0..<5 { evidence.add(image(number, score: 4, total: Double(number))) }
    })
    #expect(constant.outcome == .failed && constant.value == nil && constant.sentence.contains("same score"))
    #expect(verdict(.agreement) { $0.add(image(0, score: 1, total: nil)) }?.outcome == .skipped)
  }

  @Test func focusIsJudgedByTheShareOfDrawsAsHigh() throws {
    // Two patients; the means are 3 and, for the draws, 2, 4, 1, 1: one of four is as high, so p = (1 + 1) / (1 + 4).
    let fill = { (evidence: inout AuditEvidence) in
      evidence.add(self.reading(2, draws: [1, 4, 0, 2]), of: "sites", patient: "a")
      evidence.add(self.reading(4, draws: [3, 4, 2, 0]), of: "sites", patient: "b")
    }
    let verdict = try #require(self.verdict(.sites, fill))
    #expect(verdict.value == 0.4 && verdict.outcome == .failed && verdict.limit == 0.05)
    #expect(self.verdict(.sites, fill, limit: 0.4)?.outcome == .passed)
    #expect(self.verdict(.fingerJoints, fill)?.outcome == .skipped)
    #expect(self.verdict(.sites) { $0.add(reading(2), of: "sites", patient: "a") }?.outcome == .skipped)
    let empty = try #require(self.verdict(.sites) { $0.add(reading(nil), of: "sites", patient: "a") })
    #expect(empty.outcome == .failed && empty.value == nil)
  }

  @Test func aPatientWithManyImagesCountsOnce() {
    var evidence = RegionEvidence()
    for _ in 0..<9 { evidence.add(reading(10, draws: [0, 0]), patient: "a") }
    evidence.add(reading(0, draws: [6, 0]), patient: "b")
    #expect(evidence.test?.observed == 5 && evidence.test?.nullMean == 1.5)
    #expect(evidence.meanEnrichment == 9)
  }

  @Test func sharesAreJudgedByTheirArea() throws {
    for (enrichment, outcome) in [(0.9, Verdict.Outcome.passed), (1.0, .passed), (1.1, .failed)] {
      let verdict = try #require(verdict(.background) { evidence in
        for offset in [-0.2, 0.2] { evidence.add(reading(enrichment + offset), of: "background", patient: "a") }
      })
      #expect(verdict.outcome == outcome && abs((verdict.value ?? 0) - enrichment) < 1e-12, "\(verdict.sentence)")
    }
  }

  @Test func coveringIsJudgedByTheSizeOfTheChange() throws {
    let fill = { (evidence: inout AuditEvidence) in
      for number in 0..<10 {
        let patient = "\(number)"
        evidence.addCovering(of: "marker", number % 2 == 0 ? 5 : -3, patient: patient)
        evidence.addCovering(of: "text", 1, patient: patient)
        evidence.addCovering(of: "ring", -2, patient: patient)
        evidence.addCovering(of: "sites", 100, patient: patient)
      }
      // Of nine images there is no mean that would be judged.
      for number in 0..<9 { evidence.addCovering(of: "cast", 50, patient: "\(number)") }
      for key in ["marker", "text", "ring", "cast"] { evidence.add(self.reading(1), of: key, .confounder, patient: "a") }
    }
    #expect(verdict(.marker, fill)?.value == 4 && verdict(.marker, fill)?.outcome == .failed)
    #expect(verdict(.marker, fill, limit: 4)?.outcome == .passed)
    let other = try #require(verdict(.otherConfounders, fill))
    #expect(other.value == 2 && other.outcome == .passed && other.sentence.contains("ring"))
    #expect(verdict(.marker) { _ in }?.outcome == .skipped)
    #expect(verdict(.marker) { for number in 0..<9 { $0.addCovering(of: "marker", 50, patient: "\(number)") } }?.outcome == .skipped)
  }

  @Test func bothHandsCount() {
    #expect(verdict(.leftRight) { $0.addSides(left: 3, right: 1, patient: "a") }?.value == 0.25)
    #expect(verdict(.leftRight) { $0.addSides(left: 4, right: 1, patient: "a") }?.outcome == .failed)
    #expect(verdict(.leftRight) { $0.addSides(left: 4, right: nil, patient: "a") }?.outcome == .skipped)
    #expect(verdict(.leftRight) { $0.addSides(left: 0, right: 0, patient: "a") }?.outcome == .skipped)
  }

  @Test func leftIsComparedWithRight() throws {
    var evidence = AuditEvidence(resamples: 200, seed: 1)
    for number in 0..<8 { evidence.addSides(left: Double(number), right: Double(number) + 2, patient: "\(number)") }
    let difference = try #require(evidence.leftRight)
    // All eight differences are −2: one of 128 patterns of signs is as far from 0 as that, on both sides.
    #expect(difference.difference.value == .success(-2) && difference.pairCount == 8)
    #expect((difference.test?.p ?? 1) < 0.05)
  }

  @Test func aCheckIsJudgedByItsWorstMember() throws {
    func check(_ value: Double, _ member: String) -> CheckEvidence { CheckEvidence(value: value, images: 8, member: member, sentence: "Found") }
    let repeatability = try #require(verdict(.repeatability) { evidence in
      for (value, member) in [(0.9, "a"), (0.6, "b"), (0.8, "c")] { evidence.add(check(value, member), for: .repeatability) }
    })
    #expect(repeatability.value == 0.6 && repeatability.outcome == .failed && repeatability.sentence == "Found (0.6, limit 0.7, 8 images, member b).")
    let weights = try #require(verdict(.weights) { evidence in
      for (value, member) in [(-0.2, "a"), (-0.1, "b")] { evidence.add(check(value, member), for: .weights) }
    })
    #expect(weights.value == -0.1 && weights.outcome == .passed)
    #expect(verdict(.weights) { $0.add(check(0.01, ""), for: .weights) }?.outcome == .failed)
    #expect(verdict(.withoutGradient) { $0.add(check(0.7, ""), for: .withoutGradient) }?.outcome == .passed)
    #expect(verdict(.withoutGradient) { _ in }?.outcome == .skipped)
  }

  @Test func damageIsJudgedWithinEachImage() throws {
    func joints(_ number: Int, _ points: [Double]) -> GradedJoints {
      GradedJoints(patient: "\(number)", joints: zip([3, 0, 0, 2], points).enumerated().map { .init(key: "L:\($0)", grade: $1.0, points: $1.1) })
    }
    let follows = try #require(verdict(.damage) { evidence in for number in 0..<20 { evidence.add(joints(number, [4, 1, 1, 2])) } })
    // (4 + 2) / 2 less (1 + 1) / 2.
    #expect(follows.outcome == .passed && follows.sentence.contains("hold 2.0 points more"), "\(follows.sentence)")
    let against = try #require(verdict(.damage) { evidence in for number in 0..<20 { evidence.add(joints(number, [1, 4, 2, 1])) } })
    #expect(against.outcome == .failed && (against.value ?? 0) > 0.9)
    #expect(verdict(.damage) { $0.add(GradedJoints(patient: "a", joints: [.init(key: "L:x", grade: 0, points: 1)])) }?.outcome == .skipped)
    #expect(verdict(.damage) { _ in }?.outcome == .skipped)
  }

  @Test func manyPlacesAreTestedTogether() throws {
    var evidence = AuditEvidence(resamples: 0, seed: 1)
    for patient in 0..<16 {
      for (key, enrichment) in [("L:a", 2.0), ("L:b", 1.0), ("L:c", 1.5)] {
        let reading = RegionEvidence.Reading(points: 1, mass: 0.5, areaShare: 0.25, enrichment: enrichment, chance: 1, chanceDeviation: 2)
        evidence.add(reading, of: key, .site, patient: "\(patient)")
      }
    }
    // Sixteen patients: the sums are 16, 0 and 8, their deviation 2 · √16 = 8, so z = 2, 0, 1.
    let tests = evidence.siteTests
    #expect(tests.map(\.key) == ["L:a", "L:b", "L:c"])
    for (test, p) in zip(tests, [0.022750131948179195, 0.5, 0.15865525393145705]) { #expect(abs((test.p ?? 1) - p) < 1e-12) }
    for (test, p) in zip(tests, [3 * 0.022750131948179195, 0.5, 2 * 0.15865525393145705]) { #expect(abs((test.adjusted ?? 1) - p) < 1e-12) }
    var few = RegionEvidence()
    for patient in 0..<9 {
      few.add(RegionEvidence.Reading(points: 1, mass: 1, areaShare: 1, enrichment: 2, chance: 1, chanceDeviation: 1), patient: "\(patient)")
    }
    #expect(few.normalP == nil)
  }

  @Test func aRuleThatIsLeftOutIsNotJudged() {
    var rules = VerdictRules()
    rules[.marker] = nil
    let verdicts = AuditEvidence(resamples: 0, seed: 1).verdicts(rules, agreement: nil, damage: nil)
    #expect(verdicts.map(\.rule) == VerdictRule.allCases.filter { $0 != .marker })
    #expect(verdicts.allSatisfy { $0.outcome == .skipped })
  }

  @Test func trustIsATableOfTwoByTwo() {
    let table = TrustTable([
      image(0, score: 10, total: 20, p: 0.05), image(1, score: 10, total: 20, p: 0.06), image(2, score: 10, total: 21, p: 0.01),
      image(3, score: 30, total: 10, p: 1), image(4, score: 30, total: nil, p: 1), image(5, score: 30, total: 30),
    ])
    #expect([table.trustworthy, table.deceptive, table.mistaken, table.unreliable, table.leftOut] == [1, 1, 1, 1, 2])
  }
}
