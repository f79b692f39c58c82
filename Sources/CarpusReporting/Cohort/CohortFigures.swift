package import CarpusImaging

extension ReportFigure {
  /// The charts of a cohort, three for each model: `evidence`, `joints`, `coverings`, with the number of the model.
  ///
  /// - Throws: `PNGError` when a picture cannot be made.
  package static func all(of report: CohortReport) throws(PNGError) -> [ReportFigure] {
    var figures: [ReportFigure] = []
    for (index, model) in report.models.enumerated() {
      let method = model.methods.first
      let drawings = [
        ("evidence", method.flatMap { EvidenceBars.drawing($0, model: model.name) }), ("joints", method.flatMap { PlacesChart.drawing($0, model: model.name) }),
        ("coverings", CoveringChart.drawing(model.coverings, model: model.name, limit: model.coveringLimit)),
      ]
      for (name, drawing) in drawings {
        guard let drawing else { continue }
        figures.append(ReportFigure(name: "\(name)-\(index + 1).svg", bytes: Array(drawing.fileSVG.utf8)))
        figures.append(ReportFigure(name: "\(name)-\(index + 1).png", bytes: try drawing.png()))
      }
    }
    return figures
  }
}

extension CohortReport.Model {
  /// How much a covering may change the score.
  var coveringLimit: Double { verdicts.first { $0.name == "marker" }?.limit ?? 3 }
}
