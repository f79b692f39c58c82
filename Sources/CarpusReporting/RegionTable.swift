import CarpusAnatomy
import CarpusExplanation
import CarpusImaging

/// The statistics of the regions as a table.
public enum RegionTable {
  /// `regions.csv`: one row for each region in the order of their source, then the rows of `overall`. Columns as the
  /// keys of `explanation.json`, the bounds in four of them. `kind` is `region` or `overall`. What is absent is empty.
  /// Without regions the header alone.
  public static func csv(of report: ExplanationReport) -> String {
    let header = [
      "kind", "id", "name", "laterality", "points", "pointsPositive", "pointsNegative", "mass", "areaShare", "enrichment", "rankAccuracy",
      "peakInside", "auc", "ceiling", "pixels", "boundsX", "boundsY", "boundsWidth", "boundsHeight",
    ]
    guard let measurement = report.measurement else { return CSVText.text([header]) }
    let focus = measurement.focus
    let regions = zip(measurement.regions.regions, focus.regions).map { region, statistics in
      let bounds = region.mask.bounds.map { [$0.minX, $0.minY, $0.maxX - $0.minX, $0.maxY - $0.minY] } ?? []
      return ["region", region.id, CSVText.field(foreign: region.name), region.laterality.rawValue]
        + fields(statistics) + bounds.map { NumberText.fixed($0, places: 0) }
    }
    let padding = focus.padding
    let ofPadding = [padding.points, padding.pointsPositive, padding.pointsNegative, padding.mass, padding.areaShare]
    let overall = [
      ["overall", "inRegions", "", ""] + fields(focus.inRegions), ["overall", "elsewhere", "", ""] + fields(focus.elsewhere),
      ["overall", "padding", "", ""] + ofPadding.map { CSVText.field($0) },
    ]
    return CSVText.text(
      [header] + (regions + overall).map { $0 + [String](repeating: "", count: header.count - $0.count) })
  }

  private static func fields(_ statistics: FocusStatistics) -> [String] {
    [
      CSVText.field(statistics.points), CSVText.field(statistics.pointsPositive), CSVText.field(statistics.pointsNegative),
      CSVText.field(statistics.mass), CSVText.field(statistics.areaShare), CSVText.field(statistics.enrichment),
      CSVText.field(statistics.rankAccuracy), statistics.peakInside.map { $0 ? "true" : "false" } ?? "", CSVText.field(statistics.auc),
      CSVText.field(statistics.ceiling), String(statistics.pixels),
    ]
  }

  /// The table for a terminal: regions by the size of their points, then the parts that add up to the score.
  public static func lines(of report: ExplanationReport) -> [String] {
    guard report.imageCount > 0 else { return [] }
    let (score, map) = (report.scores[0], report.maps[0])
    let points = report.pointsText
    let head = [
      "\(report.image): \(report.imageCount == 1 ? "\(points(score.value)) \(report.unit.name)" : "\(report.imageCount) images")"
        + " (\(score.output):\(score.index) of \(report.model))",
      "\(report.method) at \(map.layer), \(map.height)×\(map.width) cells",
    ]
    guard report.imageCount == 1 else { return head + [""] + batch(report, points) }
    return head + (report.measurement == nil ? [] : [""] + regions(report, points)) + [""] + budget(report, points)
  }

  private static func regions(_ report: ExplanationReport, _ points: PointsText) -> [String] {
    let rows = report.numberedRegions.map { row in
      let statistics = row.statistics
      return [
        String(row.number), row.label, points(statistics.points), points(statistics.pointsPositive),
        points(statistics.pointsNegative), NumberText.share(statistics.mass) ?? "", NumberText.share(statistics.areaShare) ?? "",
        NumberText.ratio(statistics.enrichment) ?? "",
      ]
    }
    return aligned([["#", "region", report.unit.name, "+", "-", "mass", "area share", "enrichment"]] + rows, left: 1)
  }

  private static func budget(_ report: ExplanationReport, _ points: PointsText) -> [String] {
    let parts = report.budgetParts(ofImage: 0).map { [$0.title, points($0.points)] }
    return aligned(parts + [["Score", points(report.scores[0].value)]], left: 0)
  }

  private static func batch(_ report: ExplanationReport, _ points: PointsText) -> [String] {
    let titles = report.budgetParts(ofImage: 0).map { $0.title.lowercased() }
    let rows = (0..<report.imageCount).map { index in
      [String(index)] + report.budgetParts(ofImage: index).map { points($0.points) } + [points(report.scores[index].value)]
    }
    return aligned([["image"] + titles + ["score"]] + rows, left: nil)
  }

  /// Columns as wide as their widest cell, numbers to the right.
  private static func aligned(_ rows: [[String]], left: Int?) -> [String] {
    let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      row.enumerated().map { column, text in
        let space = String(repeating: " ", count: widths[column] - text.count)
        return column == left ? text + space : space + text
      }.joined(separator: "  ")
    }
  }
}
