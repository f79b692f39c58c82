/// How far the predictions of one column agree with the readers.
public struct Agreement: Sendable {
  /// The images of one reference class.
  public struct Band: Sendable {
    public let classIndex: Int
    public let imageCount: Int
    /// In the order of `Agreement.bandStatistics`.
    public let estimates: [Estimate]
  }

  /// The statistics of a band; correlations mean little within one.
  public static let bandStatistics: [PointStatistic] = [.bias, .mae, .rmse]

  /// `score` or `member:NAME`.
  public let name: String
  /// In the order of `PointStatistic.allCases`; `nil` unless there are totals and scores.
  public let points: [Estimate]?
  /// In the order of `ClassStatistic.allCases`.
  public let classes: [Estimate]
  public let confusion: ConfusionMatrix
  /// One for each class; empty unless there are totals and scores.
  public let bands: [Band]

  init(of predictor: PredictionTable.Predictor, with readings: PairedReadings, scale: SeverityScale, _ bootstrap: ClusterBootstrap) {
    let confusion = { (weights: [Int]) in
      ConfusionMatrix(reference: readings.classes, predicted: predictor.classes, weights: weights, classCount: scale.count)
    }
    name = predictor.name
    self.confusion = confusion([Int](repeating: 1, count: readings.images.count))
    classes = bootstrap.estimates { weights in
      let matrix = confusion(weights)
      return ClassStatistic.allCases.map { statistic in Result { () throws(Undefined) in try statistic.value(matrix) } }
    }
    guard let totals = readings.totals, let scores = predictor.scores else {
      points = nil
      bands = []
      return
    }
    points = bootstrap.estimates(PointSample(reference: totals, predicted: scores).statistics)
    bands = Self.bands(scale: scale, classes: readings.classes, totals: totals, scores: scores, bootstrap)
  }

  private static func bands(
    scale: SeverityScale, classes: [Int], totals: [Double], scores: [Double], _ bootstrap: ClusterBootstrap
  ) -> [Band] {
    let members = (0..<scale.count).map { band in classes.indices.filter { classes[$0] == band } }
    let samples = members.map { PointSample(reference: $0.map { totals[$0] }, predicted: $0.map { scores[$0] }) }
    let estimates = bootstrap.estimates { weights in
      zip(members, samples).flatMap { members, sample in
        let moments = sample.moments(members.map { weights[$0] })
        return bandStatistics.map { statistic in Result { () throws(Undefined) in try statistic.value(moments) } }
      }
    }
    let width = bandStatistics.count
    return members.enumerated().map { band, members in
      Band(classIndex: band, imageCount: members.count, estimates: Array(estimates[band * width..<(band + 1) * width]))
    }
  }
}

/// By how much one column's error differs from another's on the same images, with intervals from the same resamples: negative where
/// the first one's error is smaller. The difference is certain beyond resampling where its interval leaves 0 out.
public struct ErrorComparison: Sendable {
  /// The statistics that are compared.
  public static let statistics: [PointStatistic] = [.rmse, .mae]

  public let first: String
  public let second: String
  /// In the order of `statistics`, in points.
  public let differences: [Estimate]

  /// - Returns: `nil` unless there are totals and both have scores.
  init?(
    _ first: PredictionTable.Predictor, _ second: PredictionTable.Predictor, with readings: PairedReadings, _ bootstrap: ClusterBootstrap
  ) {
    guard let totals = readings.totals, let a = first.scores, let b = second.scores else { return nil }
    let samples = (PointSample(reference: totals, predicted: a), PointSample(reference: totals, predicted: b))
    self.first = first.name
    self.second = second.name
    differences = bootstrap.estimates { weights in
      let moments = (samples.0.moments(weights), samples.1.moments(weights))
      return Self.statistics.map { statistic in
        Result { () throws(Undefined) in try statistic.value(moments.0) - statistic.value(moments.1) }
      }
    }
  }
}

/// Everything that is said about agreement with readers.
public struct AgreementStudy: Sendable {
  public let readings: PairedReadings
  public let scale: SeverityScale
  public let resamples: Int
  public let seed: UInt64
  public let unit: ResamplingUnit
  /// How many patients, or images, are resampled.
  public let unitCount: Int
  /// One for each column of predictions.
  public let agreements: [Agreement]
  /// The score against each member.
  public let comparisons: [ErrorComparison]

  /// - Parameter resamples: 0 for no intervals.
  public init(_ readings: PairedReadings, scale: SeverityScale, resamples: Int, seed: UInt64) {
    let bootstrap = ClusterBootstrap(keys: readings.patients, imageCount: readings.images.count, resamples: resamples, seed: seed)
    self.readings = readings
    self.scale = scale
    self.resamples = resamples
    self.seed = seed
    unit = readings.patients == nil ? .image : .patient
    unitCount = bootstrap.clusterCount
    agreements = readings.predictors.map { Agreement(of: $0, with: readings, scale: scale, bootstrap) }
    comparisons = readings.predictors.dropFirst().compactMap { member in
      ErrorComparison(readings.predictors[0], member, with: readings, bootstrap)
    }
  }
}
