public import CarpusReporting
import CarpusExplanation
import CarpusScoring
import CarpusTensors

/// Writes what there is to say about an explanation.
public enum Explanation {
  /// Names of the methods; the first is the default.
  public static var methods: [String] { MethodCatalog.all.map { $0.name } }

  /// Explains what a model, or an ensemble of models, says of a radiograph; or a model of its input as it stands.
  ///
  /// - Parameter path: of an ONNX file, or of an ensemble file (`.json`).
  /// - Throws: `CarpusError`.
  public static func report(ofModelAt path: String, _ request: ExplanationRequest) throws(CarpusError) -> ExplanationReport {
    guard EnsembleFile.isNamedAsOne(path) else { return try Model(path: path).explained(request) }
    return try Ensemble(path: path, use: request.use).examined(request)
  }

  /// Writes `explanation.json`, `map.npy` and, for a radiograph, `overlay.png`, `report.html` and the figures in `figures/`; with regions also `regions.csv`,
  /// of an ensemble `map.NAME.npy` for each member, and `map.METHOD.npy` for each further map.
  ///
  /// - Throws: `CarpusError` 73 or 74.
  public static func write(_ report: ExplanationReport, to folder: OutputFolder) throws(CarpusError) {
    try TensorFiles.write(map(of: report), to: folder.path(of: "map.npy"))
    for (map, file) in report.members.map({ ($0.map, $0.file) }) + report.otherMaps.map({ ($0.map, $0.file) }) {
      try TensorFiles.write(Tensor(map.values.map { Float($0) }, shape: [map.height, map.width]), to: folder.path(of: file))
    }
    if report.picture != nil {
      let overlay: [UInt8], page: String, drawn: [ReportFigure]
      do {
        overlay = try Overlay.png(of: report)
        page = try ExplanationPage.html(of: report)
        drawn = try ReportFigure.all(of: report)
      } catch { throw CarpusError(.software, "a picture of the report: \(error)") }
      let figures = try OutputFolder(folder.path(of: "figures"))
      for figure in drawn { try figures.write(figure.bytes, to: figure.name) }
      try folder.write(overlay, to: "overlay.png")
      try folder.write(Array(page.utf8), to: "report.html")
    }
    if report.measurement != nil { try folder.write(Array(RegionTable.csv(of: report).utf8), to: "regions.csv") }
    // Last, because its presence says that the rest is there.
    try folder.write(Array(ExplanationJSON.text(of: report).utf8), to: "explanation.json")
  }

  /// `[h×w]` for a radiograph, `[N×h×w]` for a tensor, float32.
  static func map(of report: ExplanationReport) -> Tensor {
    let values = report.maps.flatMap { $0.values.map { Float($0) } }
    let grid = [report.maps[0].height, report.maps[0].width]
    return Tensor(values, shape: Shape(report.picture == nil ? [report.maps.count] + grid : grid))
  }

  /// What the command prints.
  public static func summary(of report: ExplanationReport) -> [String] { RegionTable.lines(of: report) }
}
