import CarpusScoring
import Testing

@Suite struct ChanceTests {
  @Test func pCountsTheObservedAmongTheDraws() throws {
    #expect(PermutationTest(observed: 5, draws: [1, 2, 3, 4])?.p == 0.2)
    #expect(PermutationTest(observed: 3, draws: [1, 2, 3, 4])?.p == 0.6)
    #expect(PermutationTest(observed: 0, draws: [1, 2, 3, 4])?.p == 1)
    #expect(PermutationTest(observed: 0, draws: [1, 2, 3, 4], tail: .less)?.p == 0.2)
    #expect(PermutationTest(observed: -9, draws: [1, 2, 3, 4], tail: .both)?.p == 0.2)
    // What differs by rounding is equal: a constant map tells nothing.
    #expect(PermutationTest(observed: 0.1 + 0.2, draws: [0.3, 0.3, 0.3])?.p == 1)
    #expect(PermutationTest(observed: 1, draws: [0.3, 0.1 + 0.2])?.p == 1.0 / 3)
    let test = try #require(PermutationTest(observed: 5, draws: [1, 2, 3, 6]))
    #expect(test.nullMean == 3 && abs(test.nullDeviation - (14.0 / 3).squareRoot()) < 1e-15 && test.drawCount == 4)
    #expect(PermutationTest(observed: 1, draws: []) == nil && PermutationTest(observed: .nan, draws: [1]) == nil)
  }

  @Test func cohortsCompareMeansDrawByDraw() throws {
    var cohort = CohortChance(drawCount: 3)
    #expect(cohort.test() == nil)
    cohort.add(observed: 2, draws: [0, 1, 5])
    cohort.add(observed: 4, draws: [1, 2, 3])
    cohort.addAbsent()
    let test = try #require(cohort.test())
    // Means 3 against ½, 1½ and 4.
    #expect(test.observed == 3 && test.nullMean == 2 && test.p == 0.5 && cohort.count == 2 && cohort.leftOut == 1)
  }

  @Test func pairsAreOfPatients() throws {
    // Patient a twice: the signs of both change together.
    let paired = PairedDifference(
      [3, 4, 1, nil, 2], [1, 1, 2, 5, nil], patients: ["a", "a", "b", "b", "c"], resamples: 400, seed: 2)
    #expect(paired.pairCount == 3 && paired.patientCount == 2 && paired.leftOut == 2)
    let difference = try paired.difference.value.get()
    #expect(abs(difference - 4.0 / 3) < 1e-15)
    // Differences 5 and −1 of two patients: sums ±4, ±6; as far from 0 as 4 is every draw.
    #expect(paired.test?.p == 1)
    let none = PairedDifference([nil], [1], patients: nil, resamples: 100, seed: 2)
    #expect(none.test == nil && none.difference.value == .failure(.tooFewImages(needed: 1)))
    let swapped = PairedDifference([1, 1, 2], [3, 4, 1], patients: ["a", "a", "b"], resamples: 400, seed: 2)
    #expect(try swapped.difference.value.get() == -difference)
  }

  @Test func damagedAgainstUndamagedWithinImages() throws {
    typealias Joint = JointContrast.Joint
    let image = [Joint(grade: 0, value: 1), Joint(grade: 3, value: 9), Joint(grade: 0, value: 2), Joint(grade: 1, value: 6), Joint(grade: 2, value: nil)]
    let contrast = JointContrast(
      [image, [Joint(grade: 0, value: 4)], [Joint(grade: 5, value: 4)]], patients: nil, resamples: 6000, seed: 4)
    // (9 + 6)/2 − (1 + 2)/2; of the 6 ways to choose two of four, one is as far.
    #expect(try contrast.difference.value.get() == 6 && contrast.imageCount == 1 && contrast.leftOut == 2)
    let test = try #require(contrast.test)
    #expect(abs(test.p - 1.0 / 6) < 0.02 && abs(test.nullMean) < 0.15)
    #expect(contrast.difference.interval == .failure(.oneUnit(.image)))
    let strict = JointContrast([image], patients: nil, threshold: 1, resamples: 0, seed: 4)
    #expect(try strict.difference.value.get() == 6 && strict.test == nil)
  }

  @Test func gradesAndPoints() throws {
    // Ranks 1, 2½, 2½, 4 against 1, 2, 3, 4: covariance 4½ over √(4½ · 5).
    let correlation = GradeCorrelation(
      grades: [0, 1, 1, 5, nil, 2], values: [1, 2, 3, 10, 4, nil], patients: nil, resamples: 200, seed: 1)
    let spearman = try correlation.spearman.value.get()
    #expect(abs(spearman - 4.5 / (4.5 * 5).squareRoot()) < 1e-14)
    #expect(try correlation.pearson.value.get() > 0.9 && correlation.count == 4 && correlation.leftOut == 2)
    let flat = GradeCorrelation(grades: [1, 1, 1], values: [1, 2, 3], patients: nil, resamples: 200, seed: 1)
    #expect(flat.pearson.value == .failure(.constantReference))
  }

  /// The largest distance of the shares of 1,000 p-values below x from x: under uniformity beyond 1.63/√1000 in one of a hundred studies.
  static func distance(_ values: [Double]) -> Double {
    let sorted = values.sorted(), n = Double(values.count)
    return sorted.enumerated().map { max(Double($0.offset + 1) / n - $0.element, $0.element - Double($0.offset) / n) }.max() ?? 1
  }

  @Test func pValuesOfTestsAreUniformUnderTheNull() {
    var signs: [Double] = [], grades: [Double] = []
    for study in 0..<1000 {
      var stream = RandomStream(seed: 77, index: study, "null")
      let patients = (0..<24).map { "\($0 / 2)" }
      // Both images of a patient share a part.
      let shared = (0..<12).map { _ in stream.normal() }
      let differences = (0..<24).map { shared[$0 / 2] + 0.5 * stream.normal() }
      let paired = PairedDifference(differences.map { $0 }, differences.map { _ in 0 }, patients: patients, resamples: 99, seed: UInt64(study), tail: .greater)
      signs.append(paired.test?.p ?? .nan)
      let joints = (0..<6).map { _ in (0..<10).map { JointContrast.Joint(grade: $0 < 3 ? 1 : 0, value: stream.normal()) } }
      grades.append(JointContrast(joints, patients: nil, resamples: 99, seed: UInt64(study)).test?.p ?? .nan)
    }
    #expect(Self.distance(signs) < 0.0515, "\(Self.distance(signs))")
    #expect(Self.distance(grades) < 0.0515, "\(Self.distance(grades))")
  }

  /// 1,000 studies of 100 patients: intervals of the paired difference, the contrast and the correlation hold the truth in 93–97 % of them.
  @Test func intervalsHoldTheTruth() {
    var holding = [0, 0, 0]
    for study in 0..<1000 {
      var stream = RandomStream(seed: 91, index: study, "coverage")
      let patients = (0..<200).map { "\($0 / 2)" }
      let shared = (0..<100).map { _ in stream.normal() }
      let first = (0..<200).map { 2 + shared[$0 / 2] + stream.normal() }
      let second = (0..<200).map { _ in 1 + stream.normal() }
      let seed = UInt64(study)
      let paired = PairedDifference(first.map { $0 }, second.map { $0 }, patients: patients, resamples: 1000, seed: seed)
      let joints = (0..<200).map { image in
        (0..<4).map { JointContrast.Joint(grade: $0 < 2 ? 2 : 0, value: stream.normal() + ($0 < 2 ? 1 + shared[image / 2] : 0)) }
      }
      let contrast = JointContrast(joints, patients: patients, resamples: 1000, seed: seed)
      let grades = (0..<200).map { _ in stream.normal() }
      let correlation = GradeCorrelation(
        grades: grades.map { $0 }, values: grades.map { 0.6 * $0 + 0.8 * stream.normal() }, patients: nil, resamples: 1000, seed: seed)
      for (index, (estimate, truth)) in [(paired.difference, 1.0), (contrast.difference, 1), (correlation.pearson, 0.6)].enumerated() {
        if (try? estimate.interval.get().contains(truth)) == true { holding[index] += 1 }
      }
    }
    for held in holding { #expect((930...970).contains(held), "\(held) of 1000") }
  }
}
