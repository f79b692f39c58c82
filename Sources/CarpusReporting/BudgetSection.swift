import CarpusExplanation

/// The page's score, and how it is made up.
enum BudgetSection {
  static func single(_ report: ExplanationReport) -> [String: Any] {
    let points = report.pointsText
    let score = report.scores[0]
    let parts = report.budgetParts(ofImage: 0)
    var context: [String: Any] = [
      "exact": score.value.description, "value": ExplanationPage.readable(points(score.value)), "height": report.maps[0].height,
      "width": report.maps[0].width,
      "parts": parts.map { part in
        [
          "kind": part.kind.rawValue, "title": part.title, "exact": part.points.description,
          "points": ExplanationPage.readable(points(part.points)),
        ]
      },
    ]
    if (parts.map(\.points) + [score.value]).allSatisfy(\.isFinite) { context["waterfall"] = waterfall(parts, score.value, points) }
    return context
  }

  /// Each bar begins where the one before ended; the last is the score, from 0.
  private static func waterfall(_ parts: [BudgetPart], _ score: Double, _ points: PointsText) -> [String: Any] {
    var ends = [0.0]
    for part in parts { ends.append(ends[ends.count - 1] + part.points) }
    let axis = ChartAxis(of: ends + [score], length: 560)
    let rows = zip(parts, zip(ends, ends.dropFirst())).map { (title: $0.title, points: $0.points, from: $1.0, to: $1.1, isTotal: false) }
      + [(title: "Score", points: score, from: 0, to: score, isTotal: true)]
    let rowHeight = 42
    return [
      "chartHeight": rows.count * rowHeight, "zero": axis[0],
      "bars": rows.enumerated().map { index, row in
        [
          "kind": row.isTotal ? "total" : row.points < 0 ? "negative" : "positive", "hatched": !row.isTotal && row.points < 0,
          "title": row.title, "points": ExplanationPage.readable(points(row.points)), "x": axis[min(row.from, row.to)],
          "width": axis.length(row.to - row.from), "y": index * rowHeight + 20, "textY": index * rowHeight + 14,
        ] as [String: Any]
      },
    ]
  }

  static func batch(_ report: ExplanationReport) -> [String: Any] {
    let points = report.pointsText
    guard report.imageCount > 0 else { return ["height": 0, "width": 0, "partTitles": [String](), "rows": [[String: Any]]()] }
    return [
      "height": report.maps[0].height, "width": report.maps[0].width, "partTitles": report.budgetParts(ofImage: 0).map(\.title),
      "rows": (0..<report.imageCount).map { index in
        let score = report.scores[index].value
        let parts = report.budgetParts(ofImage: index).map { part in
          ["exact": part.points.description, "points": ExplanationPage.readable(points(part.points))]
        }
        return ["number": index, "exact": score.description, "value": ExplanationPage.readable(points(score)), "parts": parts]
      } as [[String: Any]],
    ]
  }
}

/// Values on a line from 0 to `length`, with 0 among them.
struct ChartAxis {
  private let low, scale: Double

  init(of values: [Double], length: Double) {
    low = min(0, values.min() ?? 0)
    let range = max(0, values.max() ?? 0) - low
    scale = range > 0 && range.isFinite ? length / range : 0
  }

  subscript(value: Double) -> String { ExplanationPage.coordinate((value - low) * scale) }

  /// Of a bar; what is not 0 can be seen.
  func length(_ value: Double) -> String { ExplanationPage.coordinate(value == 0 ? 0 : max(0.75, abs(value) * scale)) }
}
