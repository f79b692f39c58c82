import CarpusScoring
import Foundation
import Testing

/// Against scipy, scikit-learn and pingouin, and against intervals of the same resamples drawn in Python: Fixtures/Agreement/make.py.
@Suite struct AgreementReferenceTests {
  struct Case: Decodable, Sendable, CustomTestStringConvertible {
    struct Expected: Decodable, Sendable {
      let value: Double?
      let interval: [Double]?
    }

    let name: String
    let edges: [Double]
    let patients: [String]?
    let reference: [Double], predicted: [Double], other: [Double]
    let predictedClasses: [Int]
    let resamples: Int
    let seed: UInt64
    let confusion: [[Int]]
    let points: [String: Expected], classes: [String: Expected], bands: [String: Expected], difference: [String: Expected]

    var testDescription: String { name }

    /// The study as it is made from two tables.
    func study() throws -> AgreementStudy {
      let scale = try #require(SeverityScale(edges: edges, origin: "test"))
      var predictions = "image,score,class,member:other\n", readings = "image,total" + (patients == nil ? "\n" : ",patient\n")
      for image in reference.indices {
        predictions += "\(image).png,\(predicted[image]),\(predictedClasses[image]),\(other[image])\n"
        readings += "\(image).png,\(reference[image])" + (patients.map { ",\($0[image])" } ?? "") + "\n"
      }
      let pairs = try PairedReadings(
        PredictionTable(CSVTable(Array(predictions.utf8)), scale: scale),
        ReferenceTable(CSVTable(Array(readings.utf8)), scale: scale, predictionsBeside: false))
      return AgreementStudy(pairs, scale: scale, resamples: resamples, seed: seed)
    }
  }

  private struct File: Decodable { let cases: [Case] }

  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Fixtures/Agreement")

  static func cases() throws -> [Case] {
    try JSONDecoder().decode(File.self, from: Data(contentsOf: folder.appending(path: "agreement.json"))).cases
  }

  @Test(arguments: try AgreementReferenceTests.cases())
  func everyStatisticAndItsInterval(_ example: Case) throws {
    let study = try example.study(), agreement = try #require(study.agreements.first), points = try #require(agreement.points)
    for (statistic, estimate) in zip(PointStatistic.allCases, points) {
      check(estimate, example.points[statistic.rawValue], "\(statistic)")
    }
    for (statistic, estimate) in zip(ClassStatistic.allCases, agreement.classes) {
      check(estimate, example.classes[statistic.rawValue], "class \(statistic)")
    }
    #expect(agreement.bands.count == example.edges.count - 1)
    for band in agreement.bands {
      #expect(band.imageCount == example.confusion[band.classIndex].reduce(0, +))
      for (statistic, estimate) in zip(Agreement.bandStatistics, band.estimates) {
        check(estimate, example.bands["\(band.classIndex).\(statistic.rawValue)"], "band \(band.classIndex) \(statistic)")
      }
    }
    let comparison = try #require(study.comparisons.first)
    #expect(comparison.first == "score" && comparison.second == "member:other")
    for (statistic, estimate) in zip(ErrorComparison.statistics, comparison.differences) {
      check(estimate, example.difference[statistic.rawValue], "difference of \(statistic)")
    }
    #expect(agreement.confusion.counts == example.confusion)
  }

  private func check(_ estimate: Estimate, _ expected: Case.Expected?, _ name: String) {
    guard let expected else {
      Issue.record("no reference value of \(name)")
      return
    }
    check(try? estimate.value.get(), expected.value, name)
    let interval = try? estimate.interval.get()
    check(interval?.lowerBound, expected.interval?.first, "lower end of \(name)")
    check(interval?.upperBound, expected.interval?.last, "upper end of \(name)")
  }

  /// To 1e-9, absolute below 1 and relative above.
  private func check(_ actual: Double?, _ expected: Double?, _ name: String) {
    guard let actual, let expected else {
      #expect(actual == nil && expected == nil, "\(name): \(String(describing: actual)) instead of \(String(describing: expected))")
      return
    }
    #expect(abs(actual - expected) <= 1e-9 * max(1, abs(expected)), "\(name): \(actual) instead of \(expected)")
  }
}
