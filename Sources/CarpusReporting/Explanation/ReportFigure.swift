public import CarpusImaging
import Mustache

/// The charts of a report as files for papers: each as SVG, and as PNG.
public struct ReportFigure: Sendable {
  /// Of the file.
  public let name: String
  public let bytes: [UInt8]

  /// `budget`, `hand` or `left-hand` and `right-hand`, `covering`, and the map with its outlines, `map.svg`; the same as PNG is `overlay.png`.
  ///
  /// - Throws: `PNGError` when a picture cannot be made.
  public static func all(of report: ExplanationReport) throws(PNGError) -> [ReportFigure] {
    var drawings: [(String, Drawing)] = []
    if let waterfall = BudgetSection.waterfall(report) { drawings.append(("budget", waterfall)) }
    let hands = HandsSection.drawings(report)
    for (index, hand) in hands.enumerated() { drawings.append((hands.count == 1 ? "hand" : "hand-\(index + 1)", hand)) }
    if let covering = report.covering { drawings.append(("covering", CoveringSection.drawing(report, covering))) }
    var figures: [ReportFigure] = []
    for (name, drawing) in drawings {
      figures.append(ReportFigure(name: "\(name).svg", bytes: Array(drawing.fileSVG.utf8)))
      figures.append(ReportFigure(name: "\(name).png", bytes: try drawing.png()))
    }
    if let map = try MapFigure.svg(of: report) { figures.append(ReportFigure(name: "map.svg", bytes: Array(map.utf8))) }
    return figures
  }
}

/// The radiograph, the map and the outlines as one SVG with a colour bar.
enum MapFigure {
  static func svg(of report: ExplanationReport) throws(PNGError) -> String? {
    guard let (picture, map) = report.pictured else { return nil }
    let context = try PictureSection.context(report, picture, map)
    return PageFrame.library(["map": template]).render(context.merging(["unit": report.unit.name, "image": report.image]) { $1 }, withTemplate: "map")
  }

  private static let template = """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{figureWidth}} {{height}}" width="{{figureWidth}}" height="{{height}}">
    <title>{{image}}: map of the score, {{unit}} per cell. Research use, not for diagnosis.</title>
    <defs><linearGradient id="signed" x2="0" y2="1">{{#signedStops}}<stop offset="{{offset}}" stop-color="{{color}}" stop-opacity="{{opacity}}"/>{{/signedStops}}</linearGradient></defs>
    <rect width="{{figureWidth}}" height="{{height}}" fill="#fff"/>
    <image width="{{width}}" height="{{height}}" href="{{{radiograph}}}"/>
    <image width="{{width}}" height="{{height}}" preserveAspectRatio="none" href="{{{smooth}}}"/>
    {{#outlines}}<g fill="none"><path d="{{path}}" stroke="#000" stroke-opacity=".75" stroke-width="4"/><path d="{{path}}" stroke="{{#suspect}}#ff9d4d{{/suspect}}{{^suspect}}#ffec6e{{/suspect}}" stroke-width="1.6"{{#suspect}} stroke-dasharray="8 4"{{/suspect}}><title>{{title}}</title></path></g>
    {{/outlines}}{{#outlines}}{{^minor}}<g><rect x="{{x}}" y="{{y}}" width="{{boxWidth}}" height="{{boxHeight}}"/><text x="{{textX}}" y="{{textY}}" font-size="{{fontSize}}" text-anchor="middle" fill="#ffec6e" font-family="sans-serif">{{number}}</text></g>
    {{/minor}}{{/outlines}}<g transform="translate({{width}} 20) scale({{barScale}})" font-family="sans-serif" font-size="12" fill="#1b1f24" stroke-width="1">
    <text x="10" y="12">{{unit}} per cell</text>
    <rect x="10" y="26" width="20" height="220" fill="#606060"/><rect x="10" y="26" width="20" height="220" fill="url(#signed)" stroke="#1b1f24"/>
    {{#signedTicks}}<line x1="30" x2="36" y1="{{y}}" y2="{{y}}" stroke="#1b1f24"/><text x="40" y="{{textY}}">{{text}}</text>{{/signedTicks}}
    </g>
    </svg>

    """
}
