/// The images that were both predicted and read, in the order of the predictions.
public struct PairedReadings: Sendable {
  public let images: [String]
  /// The patient of each image; `nil` where patients are not known.
  public let patients: [String]?
  /// The readers' totals in points; `nil` where only classes were read.
  public let totals: [Double]?
  /// The readers' classes.
  public let classes: [Int]
  public let predictors: [PredictionTable.Predictor]
  /// Images that were predicted and not read, and the reverse.
  public let unread: [String], unpredicted: [String]

  /// - Throws: `CSVError.file` when no image is in both.
  public init(_ predictions: PredictionTable, _ reference: ReferenceTable) throws(CSVError) {
    var readings: [String: Int] = [:]
    for (row, image) in reference.images.enumerated() { readings[image] = row }
    var pairs: [(predicted: Int, read: Int)] = [], unread: [String] = []
    for (row, image) in predictions.images.enumerated() {
      if let read = readings.removeValue(forKey: image) { pairs.append((row, read)) } else { unread.append(image) }
    }
    guard !pairs.isEmpty else {
      throw .file(
        "No image is in both tables: the predictions begin with \(CSVTable.shown(predictions.images[0])), "
          + "the reference with \(CSVTable.shown(reference.images[0])).")
    }
    self.unread = unread
    unpredicted = reference.images.filter { readings[$0] != nil }
    images = pairs.map { predictions.images[$0.predicted] }
    patients = reference.patients.map { patients in pairs.map { patients[$0.read] } }
    totals = reference.totals.map { totals in pairs.map { totals[$0.read] } }
    classes = pairs.map { reference.classes[$0.read] }
    predictors = predictions.predictors.map { predictor in
      PredictionTable.Predictor(
        name: predictor.name, scores: predictor.scores.map { scores in pairs.map { scores[$0.predicted] } },
        classes: pairs.map { predictor.classes[$0.predicted] })
    }
  }
}
