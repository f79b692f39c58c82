import CarpusAnatomy

/// What covering says, beside what the map says.
enum CoveringSection {
  /// Bars of the largest; the table has all.
  private static let barCount = 16

  static func context(_ report: ExplanationReport, _ covering: ExplanationReport.Covering) -> [String: Any] {
    let points = report.pointsText
    let numbers = numbers(of: report)
    let items = sorted(covering)
    var context: [String: Any] = [
      "rule": covering.rule, "score": readable(points(covering.score)), "bars": drawing(report, covering).inlineSVG(), "shown": min(items.count, barCount),
      "count": items.count, "pairs": pairs(report, covering),
      "rows": items.map { item in
        [
          "title": item.title, "side": RegionSection.side(item.laterality), "isConfounder": item.kind == .confounder, "number": numbers[key(item)].map { [$0] } ?? [],
          "exact": item.difference.description, "difference": readable(points(item.difference)), "points": item.points.map { readable(points($0)) } ?? "–",
          "score": readable(points(covering.score - item.difference)), "pixels": item.pixels,
        ] as [String: Any]
      },
    ]
    if let agreement = covering.agreement { context["agreement"] = ["exact": agreement.description, "value": readable(NumberText.fixed(agreement, places: 2))] }
    return context
  }

  /// The regions in the colours of their numbers: by the map, and by covering; each with its own scale.
  private static func pairs(_ report: ExplanationReport, _ covering: ExplanationReport.Covering) -> [[String: Any]] {
    let regions = report.numberedRegions.filter(\.isOutlined)
    func pair(_ title: String, _ value: (ExplanationReport.Covering.Item) -> Double?) -> [String: Any] {
      let shapes = covering.items.filter { $0.kind != .group }.flatMap { item in
        regions.filter { key(item) == "\($0.region.laterality.rawValue):\($0.region.id)" || (item.kind == .confounder && $0.term?.id == item.id) }
          .compactMap { region in value(item).map { (number: region.number, value: $0) } }
      }
      let colors = MapColors(.signed, of: shapes.map(\.value))
      return [
        "title": title, "limit": readable(report.pointsText(colors.limit)),
        "shapes": shapes.map { shape in
          let layer = colors[shape.value]
          return ["number": shape.number, "color": layer.color.hexadecimal, "opacity": NumberText.fixed(Double(layer.alpha) / 255, places: 3)] as [String: Any]
        },
      ]
    }
    return [pair("Points on the map") { $0.points }, pair("Lost when covered") { $0.difference }]
  }

  static func drawing(_ report: ExplanationReport, _ covering: ExplanationReport.Covering) -> Drawing {
    let points = report.pointsText, numbers = numbers(of: report)
    let rows = sorted(covering).prefix(barCount).map { item in
      PairedBars.Row(title: name(item), number: numbers[key(item)], first: item.points, second: item.difference)
    }
    return PairedBars.drawing(rows, titles: ("points on the map", "lost when covered"), label: "Points on the map and what the score loses when the part is covered") { points($0) }
  }

  static func key(_ item: ExplanationReport.Covering.Item) -> String { "\(item.laterality.rawValue):\(item.id)" }

  private static func sorted(_ covering: ExplanationReport.Covering) -> [ExplanationReport.Covering.Item] {
    covering.items.enumerated().sorted {
      let (a, b) = (abs($0.element.difference), abs($1.element.difference))
      return a == b ? $0.offset < $1.offset : a > b
    }.map(\.element)
  }

  private static func numbers(of report: ExplanationReport) -> [String: Int] {
    Dictionary(report.numberedRegions.map { ("\($0.region.laterality.rawValue):\($0.region.id)", $0.number) }, uniquingKeysWith: { first, _ in first })
  }

  private static func name(_ item: ExplanationReport.Covering.Item) -> String {
    switch item.laterality {
    case .left, .right: "\(item.laterality.rawValue) \(item.title)"
    default: item.title
    }
  }
}
