import CarpusAnatomy
import CarpusExplanation
import CarpusImaging
import CarpusReporting
import CarpusScoring

/// A model or an ensemble: whatever gives a score that is explained.
protocol Explainable {
  /// One map, and what is measured on it.
  func explained(_ request: ExplanationRequest) throws(CarpusError) -> ExplanationReport

  /// The scores of changed copies of a radiograph, in points.
  func scores(ofCopies count: Int, name: String, threads: Int, copy: @Sendable (Int) -> Radiograph) throws(CarpusError) -> [Double]
}

extension Explainable {
  /// The explanation with all details that are asked for, and the verdicts.
  func examined(_ request: ExplanationRequest) throws(CarpusError) -> ExplanationReport {
    var report = try explained(request)
    report.reference = request.detail.reference
    if let time = request.detail.time { report.provenance.entries.append(("time", time)) }
    guard let picture = report.picture else { return report }
    report.otherMaps = try otherMaps(beside: report, request)
    if request.detail.covers {
      if report.unit == .points {
        report.covering = try covering(report, picture, threads: request.threads)
      } else {
        report.warnings.append("nothing was covered: what covering changes is the score, and the explained output is not the score")
      }
    }
    report.verdicts = ExplanationVerdicts(report).checks
    return report
  }

  private func otherMaps(beside report: ExplanationReport, _ request: ExplanationRequest) throws(CarpusError) -> [ExplanationReport.OtherMap] {
    let detail = request.detail
    var plain = request
    plain.detail = ExplanationDetail()
    // What was chosen stays chosen: the highest class, the layer.
    plain.layer = request.layer
    let asked = detail.otherMethods.map { (method: $0, layer: request.layer) } + detail.otherLayers.map { (method: request.method, layer: $0) }
    let files = TensorFiles.fileNames(for: asked.map { $0.layer == request.layer ? $0.method : "\($0.method).\($0.layer ?? "")" }, prefix: "map.")
    var others: [ExplanationReport.OtherMap] = []
    for (index, choice) in asked.enumerated() {
      (plain.method, plain.layer) = choice
      let other = try explained(plain)
      others.append(
        ExplanationReport.OtherMap(
          methodTitle: other.methodTitle, map: other.maps[0], budget: other.budgets[0], landmarks: other.landmarks,
          agreement: report.regionAgreement(with: other), file: files[index]))
    }
    return others
  }
}

extension ExplanationReport {
  /// Spearman's correlation of the points of outlined regions; absent with fewer than five, or where all are the same.
  func regionAgreement(with other: ExplanationReport) -> Double? {
    guard let own = measurement?.focus.regions, let others = other.measurement?.focus.regions, own.count == others.count, own.count >= 5 else { return nil }
    return RankAgreement.spearman(own.map(\.points), others.map(\.points)).value
  }
}

extension ModelReading: Explainable {
  func scores(ofCopies count: Int, name: String, threads: Int, copy: @Sendable (Int) -> Radiograph) throws(CarpusError) -> [Double] {
    try CopyScorer(Network(self), threads: threads).scores(of: count, name: name, copy: copy)
  }
}

extension Ensemble: Explainable {
  func scores(ofCopies count: Int, name: String, threads: Int, copy: @Sendable (Int) -> Radiograph) throws(CarpusError) -> [Double] {
    let scores = try members.map { member throws(CarpusError) in
      try member.scores(ofCopies: count, name: name, threads: threads, copy: copy)
    }
    return (0..<count).map { index in file.combination.score(of: scores.map { $0[index] }) }
  }
}
