import CarpusImaging
public import CarpusScoring

/// What is to be compared with readers.
public struct EvaluationRequest: Sendable {
  /// A CSV file as `carpus score --csv` writes it.
  public var predictions: String
  /// A CSV file as `carpus phantom` writes it; without it the predictions have a column `total`, and perhaps `patient`.
  public var reference: String?
  /// How often patients are resampled for the intervals; 0 for no intervals.
  public var resamples = 2000
  public var seed: UInt64 = 1
  /// Edges of the severity classes, in points; those of the ten-class preset if `nil`.
  public var edges: [Double]?

  public init(predictions: String) { self.predictions = predictions }
}

/// How far predictions agree with readers.
public struct Evaluation: Sendable {
  public static let maximumResamples = 100_000
  static let maximumClassCount = 100
  /// Images times columns times resamples: minutes.
  static let maximumWork = 4_000_000_000

  public let study: AgreementStudy
  let predictionsName: String
  let referenceName: String?

  /// - Throws: `CarpusError` 64 for edges or resamples that cannot be, 66 when there is no such file, 65 for what is wrong in it.
  public init(_ request: EvaluationRequest) throws(CarpusError) {
    guard (0...Self.maximumResamples).contains(request.resamples) else {
      throw CarpusError(.usage, "the number of resamples is 0 to \(Self.maximumResamples), not \(request.resamples)")
    }
    let scale = try Self.scale(request.edges)
    predictionsName = lastComponent(request.predictions)
    referenceName = request.reference.map(lastComponent)
    let predictions = try Self.table(request.predictions)
    let ofPredictions = try Self.located(predictionsName) { () throws(CSVError) in try PredictionTable(predictions, scale: scale) }
    let readings = try request.reference.map(Self.table) ?? predictions
    let ofReaders = try Self.located(referenceName ?? predictionsName) { () throws(CSVError) in
      try ReferenceTable(readings, scale: scale, predictionsBeside: request.reference == nil)
    }
    let pairs = try Self.located(predictionsName) { () throws(CSVError) in try PairedReadings(ofPredictions, ofReaders) }
    let possible = Self.maximumWork / (pairs.images.count * pairs.predictors.count)
    guard request.resamples <= possible else {
      throw CarpusError(.usage, "\(request.resamples) resamples of \(pairs.images.count) images would take too long; at most \(possible) are possible")
    }
    study = AgreementStudy(pairs, scale: scale, resamples: request.resamples, seed: request.seed)
  }

  /// What a reader should know before believing a number.
  public var warnings: [String] {
    let readings = study.readings
    return [
      Self.unmatched(readings.unread, "were predicted and have no reference"),
      Self.unmatched(readings.unpredicted, "have a reference and no prediction"),
      readings.patients == nil && study.resamples > 0
        ? "There is no column 'patient': images are resampled as if each were of another patient, and intervals are too narrow if not." : nil,
      study.resamples > 0 && (2..<20).contains(study.unitCount)
        ? "Only \(study.unitCount) \(study.unit.rawValue)s: percentile intervals of so few are too narrow." : nil,
      (1..<1000).contains(study.resamples) ? "The ends of intervals from \(study.resamples) resamples are rough; 1000 or more are better." : nil,
    ].compactMap(\.self)
  }

  /// What holds of every such evaluation.
  static let remarks = [
    "Correlations do not see a shift or another scale: read bias, slope and the limits of agreement beside them.",
    "Agreement says how well the level of damage is told, not whether a patient got worse: no smallest detectable change was measured.",
  ]

  private static func scale(_ edges: [Double]?) throws(CarpusError) -> SeverityScale {
    guard let edges else { return .tenClasses }
    guard edges.count <= maximumClassCount + 1, let scale = SeverityScale(edges: edges, origin: "Edges given by the user.") else {
      throw CarpusError(.usage, "edges are 2 to \(maximumClassCount + 1) finite numbers, each larger than the one before, such as 0,30,100,280")
    }
    return scale
  }

  private static func table(_ path: String) throws(CarpusError) -> CSVTable {
    let name = lastComponent(path), bytes: [UInt8]
    do { bytes = try FileReading.read(path, maximumByteCount: CSVTable.maximumByteCount) } catch { throw CarpusError(error, file: name) }
    return try located(name) { () throws(CSVError) in try CSVTable(bytes) }
  }

  private static func located<Value>(_ name: String, _ body: () throws(CSVError) -> Value) throws(CarpusError) -> Value {
    do throws(CSVError) { return try body() } catch { throw CarpusError(.badData, "\(name): \(error)") }
  }

  private static func unmatched(_ images: [String], _ what: String) -> String? {
    guard !images.isEmpty else { return nil }
    let names = images.prefix(3).map(CSVTable.shown).joined(separator: ", ") + (images.count > 3 ? ", …" : "")
    return "\(images.count) \(images.count == 1 ? "image was" : "images were") left out, as they \(what): \(names)"
  }
}
