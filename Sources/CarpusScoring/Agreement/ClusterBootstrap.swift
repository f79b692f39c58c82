/// Percentile intervals from resampled patients.
///
/// Images of one patient resemble each other, so whole patients are drawn, as many as there are, with replacement; an image counts as often
/// as its patient was drawn. Resample b takes its numbers from the stream (seed, b, "bootstrap"), so all statistics, and all
/// predictions that are compared, see the same resamples. The interval goes from the 2.5 % to the 97.5 % quantile of the resampled
/// statistics, interpolated linearly between order statistics at (B − 1)p.
/// Source: Efron and Tibshirani, An Introduction to the Bootstrap, 1993, chapter 13; Davison and Hinkley 1997, section 3.8, for clusters.
package struct ClusterBootstrap: Sendable {
  /// The cluster of each image, 0 ..< clusterCount.
  private let clusters: [Int]
  package let clusterCount: Int
  package let resamples: Int
  package let seed: UInt64
  private let unit: ResamplingUnit

  /// - Parameter keys: of the images' patients; `nil` where they are not known and every image stands for itself.
  package init(keys: [String]?, imageCount: Int, resamples: Int, seed: UInt64) {
    unit = keys == nil ? .image : .patient
    if let keys {
      var numbers: [String: Int] = [:]
      clusters = keys.map { key in
        let number = numbers[key] ?? numbers.count
        numbers[key] = number
        return number
      }
      clusterCount = numbers.count
    } else {
      clusters = Array(0..<imageCount)
      clusterCount = imageCount
    }
    self.resamples = resamples
    self.seed = seed
  }

  /// How often each image counts in a resample.
  package func weights(_ resample: Int) -> [Int] {
    var stream = RandomStream(seed: seed, index: resample, "bootstrap")
    var drawn = [Int](repeating: 0, count: clusterCount)
    for _ in 0..<clusterCount { drawn[stream.whole(0...clusterCount - 1)] += 1 }
    return clusters.map { drawn[$0] }
  }

  /// Several statistics of the images, and of the same resamples.
  ///
  /// - Parameter statistics: takes how often each image counts.
  package func estimates(_ statistics: ([Int]) -> [Result<Double, Undefined>]) -> [Estimate] {
    let values = statistics([Int](repeating: 1, count: clusters.count))
    guard resamples > 0, clusterCount > 1 else {
      let reason: Undefined = resamples > 0 ? .oneUnit(unit) : .notAsked
      return values.map { Estimate(value: $0, interval: .failure($0.failure ?? reason)) }
    }
    var resampled = [[Double]](repeating: [], count: values.count)
    for resample in 0..<resamples {
      for (index, value) in statistics(weights(resample)).enumerated() {
        if case .success(let value) = value { resampled[index].append(value) }
      }
    }
    return zip(values, resampled).map { value, resampled in
      Estimate(value: value, interval: value.failure.map(Result.failure) ?? interval(resampled))
    }
  }

  private func interval(_ values: [Double]) -> Result<ClosedRange<Double>, Undefined> {
    guard values.count * 20 >= resamples * 19 else {
      return .failure(.oftenUndefined(percent: (Double(resamples - values.count) / Double(resamples) * 1000).rounded() / 10))
    }
    let sorted = values.sorted()
    let lower = Self.quantile(sorted, 0.025)
    return .success(lower...max(lower, Self.quantile(sorted, 0.975)))
  }

  /// - Precondition: not empty, sorted.
  package static func quantile(_ sorted: [Double], _ share: Double) -> Double {
    let place = Double(sorted.count - 1) * share, below = Int(place)
    guard below + 1 < sorted.count else { return sorted[sorted.count - 1] }
    return sorted[below] + (place - Double(below)) * (sorted[below + 1] - sorted[below])
  }
}

extension Result {
  var failure: Failure? {
    if case .failure(let failure) = self { failure } else { nil }
  }
}
