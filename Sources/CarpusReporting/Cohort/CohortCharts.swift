import CarpusAnatomy
import Foundation

/// How much of the positive evidence lies where, beside what the area would hold.
enum EvidenceBars {
  static let groups = [
    ("sites", "scored joints"), ("hands", "hands altogether"), ("confounders", "markers, borders, text"), ("background", "background"),
  ]

  static func drawing(_ method: CohortReport.Method, model: String) -> Drawing? {
    let rows = groups.compactMap { id, title in method.place(id).flatMap { place in place.mass.map { (title: title, mass: $0, area: place.areaShare) } } }
    guard !rows.isEmpty else { return nil }
    let left = 160.0, length = 250.0, height = 30.0
    var drawing = Drawing(
      width: left + length + 60, height: Double(rows.count) * height + 20, label: "Where the positive evidence of \(model) lies; the numbers stand beside the bars")
    for (index, row) in rows.enumerated() {
      let y = Double(index) * height + 4
      drawing.text(row.title, left - 8, y + 14, size: 12.5, .end)
      drawing.shapes += [
        .rectangle(x: left, y: y, width: length, height: 19, .none),
        .rectangle(x: left, y: y, width: length * min(1, max(0, row.mass)), height: 19, row.title == "scored joints" || row.title.hasPrefix("hands") ? .total : .positive),
      ]
      if let area = row.area { drawing.shapes.append(.line(x1: left + length * area, y1: y - 3, x2: left + length * area, y2: y + 22, .chance)) }
      drawing.text("\(Percent.text(row.mass))", left + length + 6, y + 14, size: 12.5, isBold: true)
    }
    drawing.shapes.append(.line(x1: left, y1: drawing.height - 9, x2: left + 14, y2: drawing.height - 9, .chance))
    drawing.text("upright line: share of the radiograph’s area", left + 20, drawing.height - 5, size: 11, .start, .soft)
    return drawing
  }
}

enum Percent {
  static func text(_ share: Double) -> String {
    let value = share * 100
    return NumberText.fixed(value, places: abs(value) < 10 && value != 0 ? 1 : 0) + "\u{a0}%"
  }
}

/// The enrichment of each scored place with its interval and chance level, left hand above right hand, on a scale where doubling is always the same step.
enum PlacesChart {
  private static let low = 1.0 / 16, high = 64.0
  private static let left = 98.0, length = 330.0, rowHeight = 30.0, top = 34.0

  private static func x(_ value: Double) -> Double { left + length * log2(min(max(value, low), high) / low) / log2(high / low) }

  static func drawing(_ method: CohortReport.Method, model: String) -> Drawing? {
    let rows = SvdHSite.allCases.compactMap { site -> (SvdHSite, [(String, CohortReport.Place)])? in
      let own = ["L", "R"].compactMap { side in method.place("\(side):\(site.regionID)").map { (side, $0) } }
      return own.isEmpty ? nil : (site, own)
    }
    guard !rows.isEmpty else { return nil }
    var drawing = Drawing(
      width: left + length + 16, height: top + Double(rows.count) * rowHeight + 30,
      label: "Enrichment of the scored places in the maps of \(model), with 95 % intervals and chance levels; the numbers are in the table of places")
    for power in stride(from: -4, through: 6, by: 1) {
      let value = pow(2, Double(power)), position = x(value)
      drawing.shapes.append(.line(x1: position, y1: top - 8, x2: position, y2: drawing.height - 24, power == 0 ? .axis : .rule))
      drawing.text(power < 0 ? "1/\(Int(1 / value))" : "\(Int(value))", position, top - 13, size: 10.5, .middle, .soft)
    }
    drawing.text("times what the area would hold", left + length, 10, size: 11, .end, .soft)
    for (index, (site, places)) in rows.enumerated() {
      let y = top + Double(index) * rowHeight
      let isUnresolvable = places.contains { $0.1.isResolvable == false }
      drawing.text(site.rawValue + (isUnresolvable ? " †" : ""), left - 8, y + 17, size: 12, .end)
      for (offset, (side, place)) in places.enumerated() {
        let middle = y + 8 + Double(offset) * 11
        if place.isChanceMoved { drawing.shapes.append(.line(x1: x(place.chance), y1: middle - 5, x2: x(place.chance), y2: middle + 5, .chance)) }
        guard let value = place.enrichment.value else { continue }
        if let interval = place.enrichment.interval { drawing.shapes.append(.line(x1: x(interval.lowerBound), y1: middle, x2: x(interval.upperBound), y2: middle, .axis)) }
        let isAbove = place.enrichment.interval.map { $0.lowerBound > place.chance } ?? (value > place.chance)
        drawing.shapes.append(
          side == "L" ? .circle(x: x(value), y: middle, radius: 4, isAbove ? .total : .none) : .diamond(x: x(value), y: middle, radius: 5.2, isAbove ? .total : .none))
      }
    }
    let base = drawing.height - 6
    drawing.shapes += [.circle(x: left + 4, y: base - 4, radius: 4, .total), .diamond(x: left + 56, y: base - 4, radius: 5.2, .total)]
    drawing.text("left", left + 12, base, size: 11, .start, .soft)
    drawing.text("right", left + 65, base, size: 11, .start, .soft)
    drawing.shapes += [.circle(x: left + 108, y: base - 4, radius: 4, .none), .line(x1: left + 236, y1: base - 9, x2: left + 236, y2: base + 1, .chance)]
    drawing.text("not above chance", left + 116, base, size: 11, .start, .soft)
    drawing.text("chance", left + 243, base, size: 11, .start, .soft)
    return drawing
  }
}

/// What the score loses when a part of the radiograph is covered: mean size of the change.
enum CoveringChart {
  static func drawing(_ coverings: [CohortReport.Covering], model: String, limit: Double) -> Drawing? {
    let rows = coverings.filter { !$0.id.contains(":") && $0.size.value != nil }.sorted { ($0.size.value ?? 0, $1.id) > ($1.size.value ?? 0, $0.id) }
    guard !rows.isEmpty else { return nil }
    let left = 110.0, length = 270.0, height = 26.0
    let largest = rows.flatMap { [$0.size.value ?? 0, $0.size.interval?.upperBound ?? 0] }.max() ?? 0
    let axis = ChartAxis(of: [0, largest], length: length, start: left)
    var drawing = Drawing(
      width: left + length + 80, height: Double(rows.count) * height + 6, label: "Mean size of the change of the score of \(model) when a part is covered, in points; the numbers are in the table")
    for (index, row) in rows.enumerated() {
      guard let value = row.size.value else { continue }
      let y = Double(index) * height + 4
      drawing.text(row.id == "sites" ? "scored joints" : row.id, left - 8, y + 13, size: 12.5, .end)
      drawing.shapes.append(.bar(x: left, y: y, width: axis.length(value), height: 17, row.id == "sites" ? .total : .positive))
      if let interval = row.size.interval { drawing.shapes.append(.line(x1: axis[interval.lowerBound], y1: y + 8.5, x2: axis[interval.upperBound], y2: y + 8.5, .axis)) }
      drawing.text(readable(NumberText.fixed(value, places: 1)), max(axis[value], axis[row.size.interval?.upperBound ?? 0]) + 6, y + 13, size: 12, isBold: value > limit && row.images >= 10 && !["sites", "background"].contains(row.id))
    }
    return drawing
  }
}
