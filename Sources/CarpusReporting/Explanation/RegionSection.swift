import CarpusAnatomy

/// The page's tables of regions.
enum RegionSection {
  static func context(_ report: ExplanationReport, _ measurement: ExplanationReport.Measurement) -> [String: Any] {
    let rows = report.numberedRegions
    let axis = ChartAxis(of: rows.filter(\.isOutlined).flatMap { [$0.statistics.pointsNegative, $0.statistics.pointsPositive] }, length: 90)
    let covered = Dictionary((report.covering?.items ?? []).map { (CoveringSection.key($0), $0.difference) }, uniquingKeysWith: { first, _ in first })
    let focus = measurement.focus
    var overall: [(String, [String: Any])] = (report.landmarks?.groups ?? []).map { group in
      let lost = covered["\(Laterality.unspecified.rawValue):\(group.id)"].map { readable(report.pointsText($0)) } ?? dash
      return (
        group.title, numbers(group.statistics, group.chance, report).merging(["id": group.id, "exact": group.statistics.points.description, "covered": lost]) { $1 })
    }
    overall += [("All regions, overlaps once", numbers(focus.inRegions, nil, report)), ("Elsewhere on the radiograph", numbers(focus.elsewhere, nil, report))]
    if focus.padding.areaShare > 0 { overall.append(("Padding (shares of the whole map)", numbers(focus.padding, report))) }
    let others = rows.filter { !$0.isOutlined }
    let tested = rows.filter { $0.chance != nil }
    return [
      "source": measurement.source, "withoutMass": focus.inRegions.mass == nil, "hasChance": !tested.isEmpty, "testCount": tested.count,
      "hasCovering": !covered.isEmpty, "hasUnresolvable": rows.contains { !$0.isResolvable },
      "rows": rows.filter(\.isOutlined).map { context($0, axis, covered, report) },
      "hasOthers": !others.isEmpty, "otherCount": others.count, "others": others.map { context($0, axis, covered, report) },
      "overall": overall.map { name, numbers in numbers.merging(["name": name]) { $1 } },
    ]
  }

  private static func context(_ row: NumberedRegion, _ axis: ChartAxis, _ covered: [String: Double], _ report: ExplanationReport) -> [String: Any] {
    var context = numbers(row.statistics, row.chance, report)
    context["number"] = row.number
    context["id"] = row.region.id
    context["name"] = row.title
    context["side"] = side(row.region.laterality)
    context["exact"] = row.statistics.points.description
    context["suspect"] = row.isConfounder
    context["isOutlined"] = row.isOutlined
    if let difference = covered["\(row.region.laterality.rawValue):\(row.region.id)"] {
      context["covered"] = readable(report.pointsText(difference))
    } else {
      context["covered"] = dash
    }
    switch row.resolution {
    case .resolvable: break
    case .unresolvable: context["unresolvable"] = "† smaller than a cell"
    case .unseen: context["unresolvable"] = "† not seen"
    }
    if row.isOutlined {
      let (low, high) = (row.statistics.pointsNegative, row.statistics.pointsPositive)
      context["bar"] = [
        "zero": Drawing.number(axis[0]), "negativeX": Drawing.number(axis[low]), "negativeWidth": Drawing.number(axis.length(low)),
        "positiveWidth": Drawing.number(axis.length(high)),
      ]
    }
    return context
  }

  private static func numbers(_ statistics: FocusStatistics, _ chance: ExplanationReport.Chance?, _ report: ExplanationReport) -> [String: Any] {
    let points = report.pointsText
    return [
      "points": readable(points(statistics.points)), "positive": readable(points(statistics.pointsPositive)),
      "negative": readable(points(statistics.pointsNegative)), "mass": NumberText.share(statistics.mass) ?? dash,
      "areaShare": NumberText.share(statistics.areaShare) ?? dash, "enrichment": NumberText.ratio(statistics.enrichment) ?? dash,
      "chance": chance.map { "\(NumberText.fixed($0.mean, places: 2)) ± \(NumberText.fixed($0.deviation, places: 2))" } ?? dash,
      "p": chance.map { NumberText.fixed($0.p, places: 3) } ?? dash, "adjustedP": chance?.adjustedP.map { NumberText.fixed($0, places: 3) } ?? dash,
      "ceiling": NumberText.share(statistics.ceiling) ?? dash, "peakInside": statistics.peakInside.map { $0 ? "yes" : "no" } ?? dash,
      "rankAccuracy": NumberText.share(statistics.rankAccuracy) ?? dash, "auc": NumberText.share(statistics.auc) ?? dash,
      "pixels": statistics.pixels, "covered": dash,
    ]
  }

  private static func numbers(_ padding: PaddingStatistics, _ report: ExplanationReport) -> [String: Any] {
    let points = report.pointsText
    var context: [String: Any] = [
      "points": readable(points(padding.points)), "positive": readable(points(padding.pointsPositive)),
      "negative": readable(points(padding.pointsNegative)), "mass": NumberText.share(padding.mass) ?? dash,
      "areaShare": NumberText.share(padding.areaShare) ?? dash,
    ]
    for key in ["enrichment", "chance", "p", "adjustedP", "ceiling", "peakInside", "rankAccuracy", "auc", "pixels", "covered"] { context[key] = dash }
    return context
  }

  private static let dash = "–"

  static func side(_ laterality: Laterality) -> String {
    switch laterality {
    case .left: "left"
    case .right: "right"
    case .unpaired: "unpaired"
    case .unknown: "unknown"
    case .unspecified: dash
    }
  }
}
