import CarpusExplanation

/// The page's score, and how it is made up.
enum BudgetSection {
  static func single(_ report: ExplanationReport) -> [String: Any] {
    let points = report.pointsText
    let score = report.scores[0]
    var context: [String: Any] = [
      "exact": score.value.description, "value": readable(points(score.value)), "isOutput": report.unit != .points, "unitSentence": report.unit.sentence.isEmpty ? [] : [report.unit.sentence],
      "parts": report.budgetParts(ofImage: 0).map { part in
        ["kind": part.kind.rawValue, "title": part.title, "exact": part.points.description, "points": readable(points(part.points))]
      },
    ]
    if let waterfall = waterfall(report) { context["waterfall"] = waterfall.inlineSVG(kind: "waterfall") }
    if let reference = report.reference {
      let error = score.value - reference.score
      context["reference"] = [
        "exact": reference.score.description, "value": readable(points(reference.score)), "errorExact": error.description,
        "error": (error > 0 ? "+" : "") + readable(points(error)), "source": reference.source.isEmpty ? [] : [reference.source],
        "says": error == 0 ? "as the reader" : error > 0 ? "higher than the reader" : "lower than the reader",
      ]
    }
    return context
  }

  /// `nil` where a number is not finite.
  static func waterfall(_ report: ExplanationReport) -> Drawing? {
    guard report.imageCount == 1 else { return nil }
    let parts = report.budgetParts(ofImage: 0), score = report.scores[0].value, points = report.pointsText
    guard (parts.map(\.points) + [score]).allSatisfy(\.isFinite) else { return nil }
    return Waterfall.drawing(parts, score: score, unit: report.unit.name) { points($0) }
  }

  static func batch(_ report: ExplanationReport) -> [String: Any] {
    let points = report.pointsText
    guard report.imageCount > 0 else { return ["partTitles": [String](), "rows": [[String: Any]]()] }
    return [
      "partTitles": report.budgetParts(ofImage: 0).map(\.title),
      "rows": (0..<report.imageCount).map { index in
        let score = report.scores[index].value
        let parts = report.budgetParts(ofImage: index).map { ["exact": $0.points.description, "points": readable(points($0.points))] }
        return ["number": index, "exact": score.description, "value": readable(points(score)), "parts": parts]
      } as [[String: Any]],
    ]
  }
}
