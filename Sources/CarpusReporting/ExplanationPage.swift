import CarpusExplanation
public import CarpusImaging
import Mustache

/// `report.html`: one file for a browser, without network, that shows all numbers also without script and in print.
///
/// Texts from files are escaped and isolated from the text around them. The page's policy admits the page's own style and
/// script by their hashes, pictures as data, and nothing else.
public enum ExplanationPage {
  /// The same text for the same report. Sections for which the report has nothing are absent.
  ///
  /// - Throws: `PNGError` when a picture cannot be made.
  public static func html(of report: ExplanationReport) throws(PNGError) -> String {
    templates.render(try context(of: report), withTemplate: "page") ?? ""
  }

  private static let templates: MustacheLibrary = {
    do {
      return MustacheLibrary(
        templates: ["page": try MustacheTemplate(string: pageTemplate), "numbers": try MustacheTemplate(string: numbersTemplate)])
    } catch { preconditionFailure("the page's template is wrong: \(error)") }
  }()

  private static let policy = [
    "default-src 'none'", "img-src data:", "style-src '\(pageStyleHash)'", "script-src '\(pageScriptHash)'", "base-uri 'none'",
    "form-action 'none'",
  ].joined(separator: "; ")

  private static func context(of report: ExplanationReport) throws(PNGError) -> [String: Any] {
    let isSingle = report.imageCount == 1
    var context: [String: Any] = [
      "policy": policy,
      "style": pageStyle, "script": pageScript, "json": ExplanationJSON.value(of: report).text, "notice": ExplanationReport.notice,
      "image": report.image, "model": report.model, "method": report.method, "methodTitle": report.methodTitle,
      "methodCitation": report.methodCitation, "channels": report.layerChannels, "complete": report.layerIsComplete,
      "output": report.scores.first?.output ?? "", "index": report.scores.first?.index ?? 0,
      "layer": report.maps.first?.layer ?? "", "gridHeight": report.maps.first?.height ?? 0, "gridWidth": report.maps.first?.width ?? 0,
      "hasWarnings": !report.warnings.isEmpty, "warnings": report.warnings,
      "hasOutputs": !report.outputs.isEmpty, "outputs": report.outputs.map(output),
      "hasChecks": !report.checks.isEmpty, "checks": report.checks.map(check),
      "slopes": isSingle ? [readable(NumberText.significant(report.scores[0].slope, digits: 4))] : [],
      "hasInputs": !report.inputs.isEmpty, "inputs": try report.inputs.map(InputSection.context), "isEnsemble": !report.members.isEmpty,
      "commands": [report.provenance["command"]].compactMap { $0 },
      "hasProvenance": !report.provenance.entries.isEmpty,
      "provenance": report.provenance.entries.map { ["key": $0.key, "value": $0.value] }, "hasRegions": report.measurement != nil,
    ]
    if isSingle {
      context["single"] = BudgetSection.single(report)
    } else {
      context["images"] = BudgetSection.batch(report)
    }
    if let prediction = report.prediction {
      context["prediction"] = [
        "classes": prediction.className.map { ["name": $0, "origin": prediction.classOrigin ?? ""] } as Any,
        "postProcessing": prediction.postProcessing as Any,
      ]
    }
    if !report.members.isEmpty { context["members"] = InputSection.members(report) }
    if let measurement = report.measurement { context["regions"] = RegionSection.context(report, measurement) }
    if let (picture, map) = report.pictured {
      context["picture"] = try PictureSection.context(report, picture, map)
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

  private static func check(_ check: ExplanationReport.Check) -> [String: Any] {
    [
      "name": check.name, "result": check.passed ? "passed" : "failed", "mark": check.passed ? "✓" : "✗",
      "value": readable(NumberText.significant(check.value, digits: 4)), "limit": readable(NumberText.significant(check.limit, digits: 4)),
      "sentence": check.sentence,
    ]
  }

  /// A number with the minus sign of typography.
  static func readable(_ number: String) -> String { number.hasPrefix("-") ? "−" + number.dropFirst() : number }

  /// For SVG's attributes.
  static func coordinate(_ value: Double) -> String { NumberText.fixed(value, places: 2) }
}
