/// Whether evidence follows damage: the joints of each image that readers graded, compared with each other within the image.
public struct JointContrast: Sendable {
  /// One joint of one image.
  public struct Joint: Hashable, Sendable {
    public let grade: Double
    /// Its evidence, such as `points` or `enrichment`; `nil` where that does not exist.
    public let value: Double?

    public init(grade: Double, value: Double?) {
      self.grade = grade
      self.value = value
    }
  }

  /// Mean over images of (mean of the joints with a grade above `threshold` − mean of the others), with the interval from resampled patients.
  public let difference: Estimate
  /// Images with joints of both kinds, and without.
  public let imageCount: Int, leftOut: Int
  /// Against draws in which the grades change places at random among the joints of each image. Absent without images.
  public let test: PermutationTest?

  /// - Parameters:
  ///   - images: the joints of each image.
  ///   - patients: of each image; `nil` where every image stands for itself.
  ///   - threshold: the highest grade that is no damage.
  ///   - resamples: of patients, for the interval, and of places, for the test.
  ///   - seed: of the streams "bootstrap" and "grades".
  public init(
    _ images: [[Joint]], patients: [String]?, threshold: Double = 0, resamples: Int, seed: UInt64, tail: PermutationTest.Tail = .greater
  ) {
    precondition((patients?.count ?? images.count) == images.count)
    var kept: [Int] = [], values: [[Double]] = [], damaged: [Int] = [], differences: [Double] = []
    for (index, joints) in images.enumerated() {
      // The damaged ones first.
      let present = joints.filter { $0.value != nil }
      let first = present.filter { $0.grade > threshold }.compactMap(\.value), rest = present.filter { $0.grade <= threshold }.compactMap(\.value)
      guard !first.isEmpty, !rest.isEmpty else { continue }
      kept.append(index)
      values.append(first + rest)
      damaged.append(first.count)
      differences.append(Self.difference(first + rest, damaged: first.count))
    }
    imageCount = kept.count
    leftOut = images.count - kept.count
    difference = MeanEstimate.estimate(
      differences, patients: patients.map { patients in kept.map { patients[$0] } }, resamples: resamples, seed: seed)
    let n = Double(max(1, kept.count))
    let draws = (0..<max(0, resamples)).map { draw in
      var stream = RandomStream(seed: seed, index: draw, "grades")
      var sum = 0.0
      for image in values.indices {
        // The first of a random order, as many as are damaged.
        for place in 0..<damaged[image] { values[image].swapAt(place, stream.whole(place...values[image].count - 1)) }
        sum += Self.difference(values[image], damaged: damaged[image])
      }
      return sum / n
    }
    test = kept.isEmpty ? nil : PermutationTest(observed: differences.reduce(0, +) / n, draws: draws, tail: tail, centre: 0)
  }

  private static func difference(_ values: [Double], damaged: Int) -> Double {
    values[..<damaged].reduce(0, +) / Double(damaged) - values[damaged...].reduce(0, +) / Double(values.count - damaged)
  }
}

/// How the evidence in a place goes with the reader's grade of it, over the images of a cohort.
public struct GradeCorrelation: Sendable {
  public let pearson, spearman: Estimate
  /// Images that have both, and images left out.
  public let count: Int, leftOut: Int

  /// - Parameters:
  ///   - grades: of each image; `nil` where nobody graded.
  ///   - values: the evidence of each image, such as `points`; `nil` where it does not exist.
  ///   - patients: of each image; `nil` where every image stands for itself.
  public init(grades: [Double?], values: [Double?], patients: [String]?, resamples: Int, seed: UInt64) {
    precondition(grades.count == values.count && (patients?.count ?? grades.count) == grades.count)
    let kept = grades.indices.filter { grades[$0] != nil && values[$0] != nil }
    count = kept.count
    leftOut = grades.count - kept.count
    let sample = PointSample(reference: kept.compactMap { grades[$0] }, predicted: kept.compactMap { values[$0] })
    let bootstrap = ClusterBootstrap(
      keys: patients.map { patients in kept.map { patients[$0] } }, imageCount: kept.count, resamples: resamples, seed: seed)
    let estimates = bootstrap.estimates(sample.correlations)
    (pearson, spearman) = (estimates[0], estimates[1])
  }
}

extension PointSample {
  /// Pearson's correlation and Spearman's.
  func correlations(_ weights: [Int]) -> [Result<Double, Undefined>] {
    let moments = moments(weights), ranks = rankMoments(weights)
    return [
      Result { () throws(Undefined) in try PointStatistic.pcc.value(moments) },
      Result { () throws(Undefined) in try PointStatistic.spearman.value(ranks) },
    ]
  }
}
