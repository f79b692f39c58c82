import CarpusAnatomy

/// The page's table of regions.
enum RegionSection {
  static func context(_ report: ExplanationReport, _ measurement: ExplanationReport.Measurement) -> [String: Any] {
    let points = report.pointsText
    let focus = measurement.focus
    let axis = ChartAxis(of: focus.regions.flatMap { [$0.pointsNegative, $0.pointsPositive] }, length: 90)
    let rows: [[String: Any]] = report.numberedRegions.map { row in
      var context = numbers(row.statistics, points)
      context["number"] = row.number
      context["id"] = row.region.id
      context["name"] = row.region.name
      context["side"] = side(row.region.laterality)
      context["exact"] = row.statistics.points.description
      context["bar"] = [
        "zero": axis[0], "negativeX": axis[row.statistics.pointsNegative], "negativeWidth": axis.length(row.statistics.pointsNegative),
        "positiveWidth": axis.length(row.statistics.pointsPositive),
      ]
      return context
    }
    var overall = [
      ("All regions, overlaps once", numbers(focus.inRegions, points)),
      ("Elsewhere on the radiograph", numbers(focus.elsewhere, points)),
    ]
    if focus.padding.areaShare > 0 { overall.append(("Padding (shares of the whole map)", numbers(focus.padding, points))) }
    return [
      "source": measurement.source, "rows": rows, "withoutMass": focus.inRegions.mass == nil,
      "overall": overall.map { name, numbers in numbers.merging(["name": name]) { $1 } },
    ]
  }

  private static func numbers(_ statistics: FocusStatistics, _ points: PointsText) -> [String: Any] {
    [
      "points": ExplanationPage.readable(points(statistics.points)),
      "positive": ExplanationPage.readable(points(statistics.pointsPositive)),
      "negative": ExplanationPage.readable(points(statistics.pointsNegative)), "mass": NumberText.share(statistics.mass) ?? dash,
      "areaShare": NumberText.share(statistics.areaShare) ?? dash, "enrichment": NumberText.ratio(statistics.enrichment) ?? dash,
      "ceiling": NumberText.share(statistics.ceiling) ?? dash, "peakInside": statistics.peakInside.map { $0 ? "yes" : "no" } ?? dash,
      "rankAccuracy": NumberText.share(statistics.rankAccuracy) ?? dash, "auc": NumberText.share(statistics.auc) ?? dash,
      "pixels": statistics.pixels,
    ]
  }

  private static func numbers(_ padding: PaddingStatistics, _ points: PointsText) -> [String: Any] {
    [
      "points": ExplanationPage.readable(points(padding.points)), "positive": ExplanationPage.readable(points(padding.pointsPositive)),
      "negative": ExplanationPage.readable(points(padding.pointsNegative)), "mass": NumberText.share(padding.mass) ?? dash,
      "areaShare": NumberText.share(padding.areaShare) ?? dash, "enrichment": dash, "ceiling": dash, "peakInside": dash,
      "rankAccuracy": dash, "auc": dash, "pixels": dash,
    ]
  }

  private static let dash = "–"

  private static func side(_ laterality: Laterality) -> String {
    switch laterality {
    case .left: "left"
    case .right: "right"
    case .unpaired: "unpaired"
    case .unknown: "unknown"
    case .unspecified: dash
    }
  }
}
