import CarpusScoring
import Testing

@Suite struct AgreementBootstrapTests {
  /// 500 studies of 100 patients with two images each, whose differences share a part: the 95 % interval of the bias holds the true bias in
  /// 93-97 % of them (two standard errors of a share of 500 are 2.0 %;
  /// a simulation in NumPy, also of 100 patients and 400 resamples, gave 93.6 ± 0.4 %, and more resamples give more).
  @Test func theIntervalHoldsTheTruthAsOftenAsItSays() throws {
    var holding = 0
    for study in 0..<500 where try interval(study: study, knowsPatients: true).contains(1.5) { holding += 1 }
    #expect((465...485).contains(holding), "\(holding) of 500")
  }

  /// Why patients are drawn: two images of a patient are less than two patients. The variance of a difference is 16 + 4, that of a
  /// patient's mean 16 + 4/2 and not (16 + 4)/2: the interval is √1.8 times as wide as if images were independent.
  @Test func imagesOfAPatientWidenTheInterval() throws {
    var patients = 0.0, images = 0.0
    for study in 0..<30 {
      let wide = try interval(study: study, knowsPatients: true), narrow = try interval(study: study, knowsPatients: false)
      patients += wide.upperBound - wide.lowerBound
      images += narrow.upperBound - narrow.lowerBound
    }
    #expect(abs(patients / images - 1.8.squareRoot()) < 0.04, "\(patients / images)")
  }

  /// The interval of the bias of a generated study, which is 1.5.
  private func interval(study: Int, knowsPatients: Bool) throws -> ClosedRange<Double> {
    var stream = RandomStream(seed: 20_240_614, index: study, "coverage")
    var keys: [String] = [], differences: [Double] = []
    for patient in 0..<100 {
      let shared = stream.normal(1.5, 4)
      for _ in 0..<2 {
        keys.append("\(patient)")
        differences.append(shared + stream.normal(0, 2))
      }
    }
    let bootstrap = ClusterBootstrap(keys: knowsPatients ? keys : nil, imageCount: keys.count, resamples: 400, seed: UInt64(study))
    let estimate = bootstrap.estimates { weights in
      var sum = 0.0
      for index in weights.indices { sum += Double(weights[index]) * differences[index] }
      return [.success(sum / Double(weights.count))]
    }
    return try estimate[0].interval.get()
  }

  @Test func resamplesKeepPatientsTogetherAndDependOnTheSeedAlone() {
    let bootstrap = ClusterBootstrap(keys: ["a", "b", "a", "c", "b", "a"], imageCount: 6, resamples: 50, seed: 3)
    let other = ClusterBootstrap(keys: ["a", "b", "a", "c", "b", "a"], imageCount: 6, resamples: 50, seed: 4)
    for resample in 0..<50 {
      let weights = bootstrap.weights(resample)
      #expect(weights[0] == weights[2] && weights[2] == weights[5] && weights[1] == weights[4])
      #expect(weights[0] + weights[1] + weights[3] == 3)
    }
    let again = (0..<50).map(bootstrap.weights)
    #expect(again == (0..<50).map(bootstrap.weights) && again != (0..<50).map(other.weights))
  }

  /// numpy.percentile's default: quantile p of four numbers lies at place 3p.
  @Test func quantilesLieBetweenOrderStatistics() {
    #expect(ClusterBootstrap.quantile([1, 2, 4, 8], 0) == 1)
    #expect(ClusterBootstrap.quantile([1, 2, 4, 8], 0.5) == 3)
    #expect(ClusterBootstrap.quantile([1, 2, 4, 8], 0.75) == 5)
    #expect(ClusterBootstrap.quantile([1, 2, 4, 8], 1) == 8)
    #expect(ClusterBootstrap.quantile([7], 0.3) == 7)
  }

  @Test func whatDoesNotExistSaysWhy() throws {
    let flat = PointSample(reference: [5, 5, 5], predicted: [1, 2, 3]).statistics([1, 1, 1])
    func reason(_ statistic: PointStatistic, _ values: [Result<Double, Undefined>]) -> Undefined? {
      guard case .failure(let reason) = values[PointStatistic.allCases.firstIndex(of: statistic) ?? 0] else { return nil }
      return reason
    }
    #expect(reason(.pcc, flat) == .constantReference && reason(.slope, flat) == .constantReference)
    #expect(reason(.pcc, PointSample(reference: [1, 2, 3], predicted: [5, 5, 5]).statistics([1, 1, 1])) == .constantPrediction)
    #expect(reason(.icc, PointSample(reference: [5, 5, 5], predicted: [6, 6, 6]).statistics([1, 1, 1])) == .nothingVaries)
    #expect(reason(.upperLimit, PointSample(reference: [5], predicted: [6]).statistics([1])) == .tooFewImages(needed: 2))
    // Squares of such numbers are 0.
    let tiny = PointSample(reference: [0, 1e-200, 2e-200], predicted: [0, 1e-200, 3e-200]).statistics([1, 1, 1])
    for value in tiny { #expect((try? value.get().isFinite) ?? true) }

    let bootstrap = ClusterBootstrap(keys: ["a", "a"], imageCount: 2, resamples: 100, seed: 1)
    #expect(bootstrap.estimates { _ in [.success(1)] }[0].interval == .failure(.oneUnit(.patient)))
    let none = ClusterBootstrap(keys: nil, imageCount: 2, resamples: 0, seed: 1)
    #expect(none.estimates { _ in [.success(1)] }[0].interval == .failure(.notAsked))
    // Without the first of three images in (2/3)³ = 30 % of the resamples.
    let rare = ClusterBootstrap(keys: nil, imageCount: 3, resamples: 1000, seed: 1)
    let estimate = rare.estimates { [$0[0] > 0 ? .success(1) : .failure(.nothingVaries)] }[0]
    guard case .failure(.oftenUndefined(let percent)) = estimate.interval else {
      Issue.record("an interval from two thirds of the resamples")
      return
    }
    #expect(abs(percent - 29.6) < 5)
  }

  /// The readers of arXiv:2406.09980 correlate with 0.97 and are 18.75 points off: a shift and a scale leave the correlation at 1.
  @Test func correlationIsBlindToShiftAndScale() throws {
    let reference = (0..<100).map { Double($0) }, predicted = reference.map { 1.5 * $0 + 10 }
    let sample = PointSample(reference: reference, predicted: predicted), moments = sample.moments([Int](repeating: 1, count: 100))
    #expect(abs(try PointStatistic.pcc.value(moments) - 1) < 1e-12)
    #expect(abs(try PointStatistic.slope.value(moments) - 1.5) < 1e-12)
    #expect(abs(try PointStatistic.intercept.value(moments) - 10) < 1e-12)
    // d = 10 + x/2: mean 34.75; the variance over n of 0…99 is 833.25, a quarter of it that of d.
    #expect(abs(try PointStatistic.bias.value(moments) - 34.75) < 1e-12)
    #expect(abs(try PointStatistic.rmse.value(moments) - (34.75 * 34.75 + 833.25 / 4).squareRoot()) < 1e-12)
    #expect(try PointStatistic.concordance.value(moments) < 0.75)
  }
}
