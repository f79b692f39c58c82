import CarpusExplanation
public import CarpusImaging
import Mustache

/// `report.html` of one radiograph, or of a batch of tensors.
///
/// Texts from files are escaped and isolated from the text around them.
public enum ExplanationPage {
  /// The same text for the same report. Sections for which the report has nothing are absent.
  ///
  /// - Throws: `PNGError` when a picture cannot be made.
  public static func html(of report: ExplanationReport) throws(PNGError) -> String {
    let body = templates.render(try context(of: report), withTemplate: "page") ?? ""
    let frame = PageFrame(
      title: report.image, subtitle: "explanation of a score", json: ExplanationJSON.value(of: report).text,
      script: (explanationScript, explanationScriptHash))
    return frame.html(body: body)
  }

  private static let templates = PageFrame.library(explanationTemplates)

  private static func context(of report: ExplanationReport) throws(PNGError) -> [String: Any] {
    let isSingle = report.imageCount == 1, hands = HandsSection.drawings(report)
    var context: [String: Any] = [
      "image": report.image, "model": report.model, "method": report.method, "methodTitle": report.methodTitle, "unit": report.unit.name,
      "methodCitation": report.methodCitation, "channels": report.layerChannels, "complete": report.layerIsComplete,
      "output": report.scores.first?.output ?? "", "index": report.scores.first?.index ?? 0,
      "layer": report.maps.first?.layer ?? "", "gridHeight": report.maps.first?.height ?? 0, "gridWidth": report.maps.first?.width ?? 0,
      "findings": FindingsSection.context(report), "hasWarnings": !report.warnings.isEmpty, "warnings": FindingsSection.warnings(report),
      "hasOutputs": !report.outputs.isEmpty, "outputs": report.outputs.map(output),
      "hasChecks": !report.checks.isEmpty, "checks": report.checks.map(FindingsSection.item),
      "slopes": isSingle ? [readable(NumberText.significant(report.scores[0].slope, digits: 4))] : [],
      "hasInputs": !report.inputs.isEmpty, "inputs": try report.inputs.map(InputSection.context),
      "hasHands": !hands.isEmpty, "hands": hands.map { $0.inlineSVG() },
      "commands": [report.provenance["command"]].compactMap { $0 }, "time": report.provenance["time"].map { [$0] } ?? [],
      "hasProvenance": !report.provenance.entries.isEmpty,
      "provenance": report.provenance.entries.map { ["key": $0.key, "value": $0.value] }, "hasRegions": report.measurement != nil,
      // Of tables that do not have them; a table that does says so itself.
      "hasCovering": false, "hasChance": false,
    ]
    if isSingle {
      context["single"] = BudgetSection.single(report)
    } else {
      context["images"] = BudgetSection.batch(report)
    }
    if let prediction = report.prediction { context["prediction"] = self.prediction(prediction, report) }
    if !report.members.isEmpty { context["members"] = InputSection.members(report) }
    if let measurement = report.measurement { context["regions"] = RegionSection.context(report, measurement) }
    if let picture = report.picture { context["geometry"] = GeometrySection.context(report, picture) }
    if let covering = report.covering { context["covering"] = CoveringSection.context(report, covering) }
    if let maps = try OtherMapsSection.context(report) { context["maps"] = maps }
    if let (picture, map) = report.pictured { context["picture"] = try PictureSection.context(report, picture, map) }
    return context
  }

  private static func prediction(_ prediction: ExplanationReport.Prediction, _ report: ExplanationReport) -> [String: Any] {
    var context: [String: Any] = [:]
    if let name = prediction.className { context["classes"] = ["name": name, "origin": prediction.classOrigin.map { [$0] } ?? []] as [String: Any] }
    if let sentence = prediction.postProcessing { context["postProcessing"] = sentence }
    // Where the explained number is the score, it stands first already.
    if let score = prediction.score, score != report.scores.first?.value {
      context["score"] = ["exact": score.description, "value": readable(PointsText(largest: [score])(score))]
    }
    return context
  }

  private static func output(_ output: ExplanationReport.Output) -> [String: Any] {
    let shown = 64
    let values = output.values.prefix(shown).map { readable(NumberText.significant($0, digits: 6)) }.joined(separator: ", ")
    let rest = output.values.count - shown
    return [
      "name": output.name, "shape": output.shape.map(String.init).joined(separator: "×"),
      "values": rest > 0 ? values + ", … and \(rest) more in explanation.json" : values,
    ]
  }
}
